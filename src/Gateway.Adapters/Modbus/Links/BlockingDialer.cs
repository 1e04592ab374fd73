using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>Makes plain connections on the thread of the caller, for callers with a thread of their own.</summary>
internal sealed class BlockingDialer(ModbusConnectionOptions options, TimeProvider time) : IHostDialer<BlockingConnection>
{
    public ValueTask<(BlockingConnection? Connection, LineFault? Fault)> ConnectAsync(string host, int port, CancellationToken cancellation) => new(Connect(host, port, cancellation));

    public Task<(BlockingConnection? Connection, LineFault? Fault)> ConnectAsideAsync(string host, int port, CancellationToken cancellation) =>
        Task.Factory.StartNew(() => Connect(host, port, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private (BlockingConnection? Connection, LineFault? Fault) Connect(string host, int port, CancellationToken cancellation)
    {
        using var deadline = new TransactionDeadline(time);
        deadline.Start(options.ConnectTimeout, cancellation);
        try
        {
            var socket = BlockingSocket.Connect(SocketType.Stream, host, port, deadline);
            socket.NoDelay = true;
            socket.SendTimeout = (int)options.Timeout.TotalMilliseconds;
            if (options.ConnectDelay > TimeSpan.Zero && cancellation.WaitHandle.WaitOne(options.ConnectDelay))
            {
                socket.Dispose();
                throw new OperationCanceledException(cancellation);
            }

            return (new(socket), null);
        }
        catch (SocketException e)
        {
            return (null, LineFaults.Of(e));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, LineFaults.ConnectTimeout);
        }
    }
}
