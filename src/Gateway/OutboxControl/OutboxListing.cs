namespace Gateway.OutboxControl;

/// <summary>Every stream and how it stands.</summary>
/// <param name="Gateway">The gateway's id.</param>
/// <param name="Data">Its data folder.</param>
/// <param name="Running">Whether it runs.</param>
/// <param name="Streams">By name.</param>
internal sealed record OutboxListing(string Gateway, string Data, bool Running, IReadOnlyList<StreamRow> Streams);

/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="State">served, idle (its bridge is configured, the gateway does not run) or left (its bridge left the configuration).</param>
/// <param name="Waiting">Entries that wait.</param>
/// <param name="Bytes">Bytes on disk that they take.</param>
/// <param name="OldestAge">Age of the oldest in milliseconds; null: nothing waits.</param>
/// <param name="Epoch">16 hex digits.</param>
/// <param name="PreviousEpoch">The epoch before, if there was one.</param>
/// <param name="Oldest">Position of the oldest in the stream: in the first epoch, its number.</param>
/// <param name="Next">Position of the next.</param>
/// <param name="Acked">Entries that upstream has taken.</param>
/// <param name="Dropped">Entries in gaps.</param>
/// <param name="DroppedBy">The same, by reason.</param>
/// <param name="Untold">Gaps of which upstream does not know yet.</param>
/// <param name="Held">Why upstream holds it back; null: it does not.</param>
internal sealed record StreamRow(
    string Stream,
    string State,
    ulong Waiting,
    long Bytes,
    long? OldestAge,
    string Epoch,
    string? PreviousEpoch,
    ulong Oldest,
    ulong Next,
    ulong Acked,
    ulong Dropped,
    IReadOnlyDictionary<string, ulong> DroppedBy,
    int Untold,
    string? Held)
{
    public const string Served = "served";

    public const string Idle = "idle";

    public const string Left = "left";
}

/// <summary>What came of a drop.</summary>
/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="Removed">The stream itself is gone.</param>
/// <param name="Dropped">Entries that are gone.</param>
/// <param name="InFlight">Entries that are in flight: they go unless upstream takes them.</param>
internal sealed record DropReport(string Stream, bool Removed, ulong Dropped, int InFlight);
