namespace Gateway.Storage;

/// <summary>How a stream stands, all of one moment.</summary>
/// <param name="Id">Which one.</param>
/// <param name="IsOpen">A bridge serves it. Otherwise its bridge left the configuration, or the gateway does not run.</param>
/// <param name="Ledger">Its figures, in positions of the whole stream.</param>
/// <param name="Epochs">Its figures epoch by epoch, in their own numbers, the current one first.</param>
/// <param name="Waiting">Entries about which something is left to do.</param>
/// <param name="Bytes">Bytes on disk that they take.</param>
/// <param name="Dropped">Entries of this epoch that lie in gaps, by reason.</param>
/// <param name="Gaps">Gaps that upstream has not been told yet, those above the cursor included, oldest first.</param>
public sealed record StreamOverview(
    StreamId Id, bool IsOpen, StreamLedger Ledger, IReadOnlyList<StreamLedger> Epochs, ulong Waiting, long Bytes, IReadOnlyDictionary<GapReason, ulong> Dropped, IReadOnlyList<Gap> Gaps)
{
    /// <summary>The epoch before the current one, if there was one.</summary>
    public ulong? PreviousEpoch => Epochs.Count > 1 ? Epochs[1].Epoch : null;
}

/// <summary>What came of giving up entries.</summary>
/// <param name="Dropped">How many are gone; it is durable.</param>
/// <param name="InFlight">How many of those meant are in flight: they go unless upstream takes them.</param>
public readonly record struct OperatorDrop(ulong Dropped, int InFlight);
