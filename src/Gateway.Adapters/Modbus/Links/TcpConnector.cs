using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Opens the TCP connection of a line.</summary>
internal static class TcpConnector
{
    /// <returns>The socket, or why there is none.</returns>
    public static async ValueTask<(Socket? Socket, LineFault? Fault)> ConnectAsync(ModbusHostOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var isReady = false;
        try
        {
            using var deadline = new CancellationTokenSource(options.ConnectTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            await socket.ConnectAsync(options.Host, options.Port, both.Token);
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
