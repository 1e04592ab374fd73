namespace Gateway.Storage;

/// <summary>How a stream stands, all of one moment.</summary>
/// <param name="Id">Which one.</param>
/// <param name="IsOpen">A bridge serves it. Otherwise its bridge left the configuration, or the gateway does not run.</param>
/// <param name="Ledger">Its figures.</param>
/// <param name="PreviousEpoch">The epoch before, if there was one.</param>
/// <param name="Waiting">Entries about which something is left to do.</param>
/// <param name="Bytes">Bytes on disk that they take.</param>
/// <param name="Dropped">Entries of this epoch that lie in gaps, by reason.</param>
/// <param name="Gaps">Gaps that upstream has not been told yet, those above the cursor included, oldest first.</param>
public sealed record StreamOverview(
    StreamId Id, bool IsOpen, StreamLedger Ledger, ulong? PreviousEpoch, ulong Waiting, long Bytes, IReadOnlyDictionary<GapReason, ulong> Dropped, IReadOnlyList<Gap> Gaps);

/// <summary>What came of giving up entries.</summary>
/// <param name="Dropped">How many are gone; it is durable.</param>
/// <param name="InFlight">How many of those meant are in flight: they go unless upstream takes them.</param>
public readonly record struct OperatorDrop(ulong Dropped, int InFlight);
