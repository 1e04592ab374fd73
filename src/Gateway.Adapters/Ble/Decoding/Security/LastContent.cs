namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Tells the same bytes that come again.</summary>
internal sealed class LastContent
{
    private bool _isKnown;
    private int _content;

    /// <summary>A hash of bytes, good within this process.</summary>
    public static int Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    /// <summary>When it came last; meaningless before the first.</summary>
    public long HeardAt { get; private set; }

    /// <summary>Whether these bytes came last too; remembers them.</summary>
    public bool IsRepeated(ReadOnlySpan<byte> bytes, long heardAt)
    {
        var content = Of(bytes);
        var isRepeated = _isKnown && content == _content;
        (_isKnown, _content, HeardAt) = (true, content, heardAt);
        return isRepeated;
    }
}
