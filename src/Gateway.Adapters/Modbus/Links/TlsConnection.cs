namespace Gateway.Adapters.Modbus;

/// <summary>A connection inside TLS. A read that was begun is never cancelled, because a half-read record could not be read again; who waits for it may give up.</summary>
internal sealed class TlsConnection(Stream stream) : IAsyncConnection
{
    private readonly byte[] _buffer = new byte[MbapHeader.MaxFrame];
    private Task<int>? _reading;
    private int _taken;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        var count = await Begin().WaitAsync(cancellation);
        var part = _buffer.AsMemory(_taken, Math.Min(buffer.Length, count - _taken));
        part.CopyTo(buffer);
        _taken += part.Length;
        if (_taken == count && count > 0)
        {
            (_reading, _taken) = (null, 0);
        }

        return part.Length;
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => stream.WriteAsync(bytes, cancellation);

    public bool HasEnded() => Begin() is { IsCompleted: true } reading && (!reading.IsCompletedSuccessfully || reading.Result == 0);

    public void Dispose()
    {
        stream.Dispose();

        // A read that was under way ends with the stream; nobody waits for how.
        _reading?.ContinueWith(static reading => _ = reading.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    private Task<int> Begin() => _reading ??= stream.ReadAsync(_buffer).AsTask();
}
