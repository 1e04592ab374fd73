using System.Net;
using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Connects sockets on the thread of the caller.</summary>
internal static class BlockingSocket
{
    /// <summary>Tries one address of the host after the other.</summary>
    /// <param name="type">Stream or datagrams.</param>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="deadline">Of all tries together, and of looking the name up.</param>
    /// <exception cref="SocketException">None took it; why the last one did not.</exception>
    /// <exception cref="OperationCanceledException">The deadline is over, or the owner has cancelled.</exception>
    public static Socket Connect(SocketType type, string host, int port, TransactionDeadline deadline)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out var address) ? [address] : Dns.GetHostAddressesAsync(host, deadline.Token).GetAwaiter().GetResult();
        for (var i = 0; ; i++)
        {
            try
            {
                return Connect(type, new(addresses[i], port), deadline);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next address may be one that can be reached from here.
            }
        }
    }

    private static Socket Connect(SocketType type, IPEndPoint address, TransactionDeadline deadline)
    {
        var socket = new Socket(address.AddressFamily, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            // Linux bounds a connect by the time that a send may take.
            socket.SendTimeout = deadline.Wait();
            using (deadline.Outer.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket))
            {
                socket.Connect(address);
            }

            // From here on nobody disposes of it behind our back; somebody may have, a moment ago.
            deadline.Outer.ThrowIfCancellationRequested();
            return socket;
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException or ObjectDisposedException)
            {
                deadline.Outer.ThrowIfCancellationRequested();
            }

            throw;
        }
    }
}
