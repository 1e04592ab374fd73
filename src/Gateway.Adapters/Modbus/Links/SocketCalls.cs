using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gateway.Adapters.Serial;

namespace Gateway.Adapters.Modbus;

/// <summary>send(2) and recv(2) on sockets that block, without what the framework does around them: that is a twentieth of a poll, and it takes no account of a wait that a signal interrupts.</summary>
internal static unsafe partial class SocketCalls
{
    private const int NoSignal = 0x4000;

    /// <returns>How many bytes were sent; negative: see <see cref="Error"/>.</returns>
    public static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return (int)Send(socket, first, bytes.Length, NoSignal);
        }
    }

    /// <returns>How many bytes came; negative: see <see cref="Error"/>.</returns>
    public static int Receive(SafeSocketHandle socket, Span<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            return (int)Receive(socket, first, buffer.Length, 0);
        }
    }

    /// <summary>Why the last call on this thread failed: the framework's word for Linux' number (errno(3)), or the number itself.</summary>
    public static SocketError Error => Libc.Error switch
    {
        Libc.Interrupted => SocketError.Interrupted,
        Libc.WouldBlock => SocketError.WouldBlock,
        32 => SocketError.Shutdown,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        Libc.NotPermitted or Libc.PermissionDenied => SocketError.AccessDenied,
        var other => (SocketError)other,
    };

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, byte* bytes, nint count, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, byte* buffer, nint count, int flags);
}
