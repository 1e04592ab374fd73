namespace Gateway.Storage;

/// <summary>Whether the journal takes appends.</summary>
public enum Intake : byte
{
    Open,

    /// <summary>No space on the disk: appends are refused until some is freed or added; cursors and gaps are still written.</summary>
    Full,

    /// <summary>Writing failed twice: nothing is taken until a new segment can be written.</summary>
    Failed,
}
