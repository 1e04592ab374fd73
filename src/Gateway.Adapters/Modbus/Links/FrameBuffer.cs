namespace Gateway.Adapters.Modbus;

/// <summary>Received bytes until they are whole frames. Fixed size: nothing that a peer sends makes it grow.</summary>
internal sealed class FrameBuffer
{
    // Room for one frame that is being awaited and late ones before it.
    private const int Capacity = 4 * MbapHeader.MaxFrame;

    private readonly byte[] _bytes = new byte[Capacity];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    /// <summary>Where the next bytes go; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_start == _end)
            {
                _start = _end = 0;
            }
            else if (Capacity - _end < MbapHeader.MaxFrame)
            {
                _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
                _end -= _start;
                _start = 0;
            }

            return _bytes.AsMemory(_end);
        }
    }

    public void Received(int count) => _end += count;

    /// <summary>What lies there is not Modbus; true until <see cref="Clear"/>.</summary>
    public bool IsBroken { get; private set; }

    public void Clear()
    {
        _start = _end = 0;
        IsBroken = false;
    }

    /// <summary>The oldest whole frame.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="pdu">Valid until <see cref="Free"/> is used.</param>
    public bool TryTake(out MbapHeader header, out ReadOnlySpan<byte> pdu)
    {
        pdu = default;
        header = default;
        var available = _end - _start;
        if (available < MbapHeader.Size)
        {
            return false;
        }

        IsBroken = !MbapHeader.TryRead(_bytes.AsSpan(_start), out header);
        if (IsBroken || available < MbapHeader.Size + header.PduLength)
        {
            return false;
        }

        pdu = _bytes.AsSpan(_start + MbapHeader.Size, header.PduLength);
        _start += MbapHeader.Size + header.PduLength;
        return true;
    }
}
