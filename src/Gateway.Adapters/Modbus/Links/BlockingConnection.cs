using System.Net.Sockets;

namespace Gateway.Adapters.Modbus;

/// <summary>A connection, or a connected datagram socket, whose owner waits with its own thread: an answer wakes that thread and no other.</summary>
/// <param name="socket">Connected, and never used asynchronously: from then on the framework would watch it, and wake a thread of its own for every answer. Owned from here on.</param>
internal sealed class BlockingConnection(Socket socket) : IHostConnection
{
    /// <summary>What the kernel was told, ms.</summary>
    private int _wait;

    public static bool Blocks => true;

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, TransactionDeadline deadline)
    {
        // Told only when it differs: for the first bytes of an answer it is the whole timeout, each time.
        var wait = deadline.Wait();
        if (wait != _wait)
        {
            socket.ReceiveTimeout = _wait = wait;
        }

        using var end = deadline.Outer.UnsafeRegister(static self => ((BlockingConnection)self!).End(), this);
        var count = socket.Receive(buffer.Span, SocketFlags.None, out var error);
        Check(error, deadline);
        return new(count);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, TransactionDeadline deadline)
    {
        // Nothing is in flight but this one request: it fits into the kernel's buffer, unless the peer has stopped to read.
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var count = socket.Send(rest.Span, SocketFlags.None, out var error);
            Check(error, deadline);
            rest = rest[count..];
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Readable with nothing to read is the end of the stream, or a reset.</summary>
    public bool HasEnded() => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    public void Dispose() => socket.Dispose();

    private static void Check(SocketError error, TransactionDeadline deadline)
    {
        if (deadline.Outer.IsCancellationRequested || error is SocketError.TimedOut or SocketError.WouldBlock)
        {
            throw new OperationCanceledException(deadline.Outer);
        }

        if (error != SocketError.Success)
        {
            throw new SocketException((int)error);
        }
    }

    /// <summary>Wakes the owner.</summary>
    private void End()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The other end was quicker: nobody waits any more.
        }
    }
}
