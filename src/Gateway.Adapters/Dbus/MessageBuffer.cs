namespace Gateway.Adapters.Dbus;

/// <summary>Puts messages together from the pieces in which a stream brings them.</summary>
internal sealed class MessageBuffer
{
    /// <summary>64 KiB: some hundred signals in one read.</summary>
    public const int Usual = 64 << 10;

    private byte[] _buffer = new byte[Usual];
    private int _start;
    private int _end;

    /// <summary>Bytes that it holds room for.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>What is wrong with the stream; null: nothing. There is no way on after that.</summary>
    public string? Problem { get; private set; }

    /// <summary>Room for what comes next, never empty.</summary>
    public Memory<byte> Room()
    {
        var held = _end - _start;
        var wanted = Math.Max(Usual, Wanted());
        if (wanted != _buffer.Length && (wanted > _buffer.Length || held < Usual))
        {
            // A large message comes, or has gone: its room goes with it.
            var other = new byte[wanted];
            _buffer.AsSpan(_start, held).CopyTo(other);
            (_buffer, _start, _end) = (other, 0, held);
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, held).CopyTo(_buffer);
            (_start, _end) = (0, held);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were written to <see cref="Room"/>.</summary>
    public void Added(int count) => _end += count;

    /// <summary>The next whole message.</summary>
    /// <param name="receivedAt">When its last bytes came.</param>
    /// <param name="message">The message.</param>
    public bool TryTake(long receivedAt, out DbusMessage? message)
    {
        message = null;
        var held = _buffer.AsSpan(_start, _end - _start);
        if (Problem is not null || held.Length < DbusMessageCodec.FixedHeader)
        {
            return false;
        }

        Problem = DbusMessageCodec.Measure(held, out var length);
        if (Problem is not null || held.Length < length)
        {
            return false;
        }

        Problem = DbusMessageCodec.Read(held[..length], receivedAt, out message);
        _start += length;
        return Problem is null;
    }

    private int Wanted()
    {
        var held = _buffer.AsSpan(_start, _end - _start);
        return held.Length >= DbusMessageCodec.FixedHeader && DbusMessageCodec.Measure(held, out var length) is null ? length : 0;
    }
}
