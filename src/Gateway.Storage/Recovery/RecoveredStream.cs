namespace Gateway.Storage;

/// <summary>A stream as far as the commits read so far tell.</summary>
internal sealed class RecoveredStream
{
    public StreamFrame? Frame { get; set; }

    /// <summary>The last that told everything: what changes build on.</summary>
    public StreamFrame? Whole { get; set; }

    /// <summary>Bytes of entries in commits after the frame.</summary>
    public long BytesSince { get; set; }

    public ulong Next { get; set; } = 1;

    /// <summary>Bytes of damage since the stream was last heard of: so much may hold numbers that were given and seen.</summary>
    public long Unheard { get; set; }

    public Dictionary<string, ulong> Retained { get; } = [];
}
