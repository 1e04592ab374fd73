namespace Gateway.Adapters.Lora;

/// <summary>Finds packets and lines in the bytes of a modem, however they are cut into chunks. Bounded; never throws for what came.</summary>
internal abstract class ModemFramer
{
    /// <summary>2 KiB: more than any record of a modem, so that one that will never be whole cannot fill it.</summary>
    private const int Capacity = 2048;

    private readonly byte[] _received = new byte[Capacity];
    private int _count;

    /// <summary>Bytes that wait for the rest of their record.</summary>
    public int Pending => _count;

    /// <summary>More came.</summary>
    public void Receive(ReadOnlySpan<byte> chunk, IModemSink sink)
    {
        while (!chunk.IsEmpty)
        {
            var taken = Math.Min(chunk.Length, Capacity - _count);
            chunk[..taken].CopyTo(_received.AsSpan(_count));
            _count += taken;
            chunk = chunk[taken..];
            Process(isIdle: false, sink);
            if (_count == Capacity)
            {
                Process(isIdle: true, sink);
            }
        }
    }

    /// <summary>Nothing came for longer than any modem pauses within a record: what is half there will not be whole.</summary>
    public void Idle(IModemSink sink) => Process(isIdle: true, sink);

    /// <summary>The line is gone. What is whole is taken; where only a pause ends a packet, nobody knows whether it was.</summary>
    public void End(IModemSink sink)
    {
        if (EndsWithPause && _count > 0)
        {
            sink.Noise(_count);
            _count = 0;
        }
        else if (_count > 0)
        {
            Idle(sink);
        }
    }

    /// <summary>Nothing but a pause says where a packet ends.</summary>
    protected virtual bool EndsWithPause => false;

    /// <summary>The line was opened anew: what is half there belongs to before.</summary>
    public virtual void Reset() => _count = 0;

    /// <summary>Takes the first record, or the noise in front of it.</summary>
    /// <param name="bytes">What has come and was not taken; not empty. The answer depends on nothing behind the record.</param>
    /// <param name="isIdle">Nothing more will come of it.</param>
    /// <param name="sink">Gets what was found.</param>
    /// <returns>Bytes taken; 0: more are needed, which is no answer when idle.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes, bool isIdle, IModemSink sink);

    private void Process(bool isIdle, IModemSink sink)
    {
        var start = 0;
        while (start < _count && Take(_received.AsSpan(start, _count - start), isIdle, sink) is > 0 and var taken)
        {
            start += taken;
        }

        _received.AsSpan(start, _count - start).CopyTo(_received);
        _count -= start;
    }
}
