using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Gateway.Adapters.Modbus;

/// <summary>The TCP connection of a line, whatever frames go over it.</summary>
internal static class TcpConnection
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

    /// <exception cref="SocketException">It cannot be sent.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellation)..];
        }
    }

    /// <summary>Readable with nothing to read is the end of the stream, or a reset.</summary>
    public static bool HasEnded(Socket socket) => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
}
