using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.Web;

/// <summary>Who is at the other end of a Unix socket, as the kernel noted it when the connection was made (unix(7), SO_PEERCRED).</summary>
internal readonly partial record struct PeerCredentials(uint User, IReadOnlyList<uint> Groups)
{
    private const int SocketLevel = 1;
    private const int PeerCred = 17;
    private const int PeerGroups = 59;

    /// <summary>The kernel's NGROUPS_MAX.</summary>
    private const int MostGroups = 65_536;

    /// <returns>null: it is no Unix socket.</returns>
    public static PeerCredentials? Of(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            return null;
        }

        // struct ucred: process, user, group.
        var credentials = new uint[3];
        socket.GetRawSocketOption(SocketLevel, PeerCred, MemoryMarshal.AsBytes(credentials.AsSpan()));
        var groups = new uint[MostGroups];
        var length = socket.GetRawSocketOption(SocketLevel, PeerGroups, MemoryMarshal.AsBytes(groups.AsSpan()));
        return new PeerCredentials(credentials[1], [credentials[2], .. groups.AsSpan(0, length / sizeof(uint))]);
    }

    /// <summary>Whether this is root, our own user, or a member of our group.</summary>
    public bool IsOperator => User == 0 || User == EffectiveUser() || Groups.Contains(EffectiveGroup());

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();
}
