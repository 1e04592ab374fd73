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
        using var end = deadline.Outer.UnsafeRegister(static self => ((BlockingConnection)self!).End(), this);
        while (true)
        {
            // Told only when it differs: for the first bytes of an answer it is the whole timeout, each time.
            var wait = deadline.Wait();
            if (wait != _wait)
            {
                socket.ReceiveTimeout = _wait = wait;
            }

            var count = SocketCalls.Receive(socket.SafeHandle, buffer.Span);
            if (HasSucceeded(count, deadline))
            {
                return new(count);
            }
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, TransactionDeadline deadline)
    {
        // Nothing is in flight but this one request: it fits into the kernel's buffer, unless the peer has stopped to read.
        for (var rest = bytes; !rest.IsEmpty;)
        {
            var count = SocketCalls.Send(socket.SafeHandle, rest.Span);
            if (HasSucceeded(count, deadline))
            {
                rest = rest[count..];
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Readable with nothing to read is the end of the stream, or a reset.</summary>
    public bool HasEnded() => socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;

    public void Dispose() => socket.Dispose();

    /// <returns>false: a signal came in between; once more.</returns>
    private static bool HasSucceeded(int count, TransactionDeadline deadline)
    {
        var error = count < 0 ? SocketCalls.Error : SocketError.Success;
        if (deadline.Outer.IsCancellationRequested || error is SocketError.WouldBlock)
        {
            throw new OperationCanceledException(deadline.Outer);
        }

        return error == SocketError.Success || (error == SocketError.Interrupted ? false : throw new SocketException((int)error));
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
