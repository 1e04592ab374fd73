namespace Gateway.Adapters.Payloads;

/// <summary>Where in a payload the fields of a layout lie, one after the other: the same for decoding and encoding.</summary>
/// <remarks>Neighbours with <c>bits</c> and the same type share their bytes, until one names a bit that another has already, or says where it begins.</remarks>
internal struct LayoutCursor
{
    private LayoutField? _sharing;
    private int _sharedAt;
    private ulong _taken;

    /// <summary>Where a layout that repeats began anew; offsets count from here.</summary>
    public int Origin { get; private set; }

    /// <summary>Behind the last field.</summary>
    public int Position { get; private set; }

    public void Restart()
    {
        Origin = Position;
        _sharing = null;
    }

    /// <summary>Where a field begins.</summary>
    /// <param name="field">The next one.</param>
    /// <param name="length">Bytes of the payload; for offsets from its end.</param>
    public int Begin(LayoutField field, int length)
    {
        var shares = field is { At: null, Skip: 0, Bits: not null } && _sharing is { } before && before.Type == field.Type
            && before.IsLittleEndian == field.IsLittleEndian && (_taken & field.UsedBits.Mask) == 0;
        if (shares)
        {
            _taken |= field.UsedBits.Mask;
            return _sharedAt;
        }

        var at = field.At is not { } offset ? Position + field.Skip : offset >= 0 ? Origin + offset : length + offset;
        (_sharing, _sharedAt, _taken) = (field.Bits is null ? null : field, at, field.UsedBits.Count > 0 && field.Bits is not null ? field.UsedBits.Mask : 0);
        return at;
    }

    public void End(int position) => Position = position;
}
