using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Makes plain TCP connections.</summary>
internal sealed class TcpDialer(ModbusConnectionOptions options, TimeProvider time) : IHostDialer<SocketConnection>
{
    public async ValueTask<(SocketConnection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation)
    {
        var (socket, fault) = await OpenAsync(host, port, cancellation);
        return (socket is null ? null : new(socket), fault);
    }

    /// <returns>The socket, or why there is none.</returns>
    public async ValueTask<(Socket? Socket, LineFault? Fault)> OpenAsync(string host, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var isReady = false;
        try
        {
            using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            await socket.ConnectAsync(host, port, both.Token);
            if (options.ConnectDelay > TimeSpan.Zero)
            {
                await Task.Delay(options.ConnectDelay, time, cancellation);
            }

            isReady = true;
            return (socket, null);
        }
        catch (SocketException e)
        {
            return (null, LineFaults.Of(e));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, LineFaults.ConnectTimeout);
        }
        finally
        {
            if (!isReady)
            {
                socket.Dispose();
            }
        }
    }
}
