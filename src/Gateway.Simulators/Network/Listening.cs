using System.Net;
using System.Net.Sockets;

namespace Gateway.Simulators;

/// <summary>Where a simulated device waits for connections.</summary>
internal static class Listening
{
    private const int SocketLevel = 1;
    private const int ReuseAddress = 2;

    /// <summary>Takes a port that an earlier run left in TIME_WAIT, and no other. .NET's own ReuseAddress sets SO_REUSEPORT as well: two simulations would share one port and its connections.</summary>
    /// <exception cref="SocketException">The port is in use, or not allowed.</exception>
    public static Socket On(IPEndPoint endpoint)
    {
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.SetRawSocketOption(SocketLevel, ReuseAddress, BitConverter.GetBytes(1));
            listener.Bind(endpoint);
            listener.Listen();
            return listener;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }
}
