using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEnd.Tests.Support;

/// <summary>Ports for peers that cannot be told to take a free one.</summary>
internal static class Ports
{
    private static int s_next = 20_000 + (Environment.ProcessId * 97 % 10_000);

    /// <summary>A port below the ephemeral range that nobody listens on now; each is given once.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref s_next);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
