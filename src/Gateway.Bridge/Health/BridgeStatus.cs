using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>One bridge at this moment, for <c>status</c>.</summary>
/// <param name="Id">Id of the bridge.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Server">The server that it is, or was last, concerned with.</param>
/// <param name="Since">Since when it is in this state, UTC.</param>
/// <param name="Reason">What is wrong; null: nothing.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Inflight">Publishes without an answer.</param>
/// <param name="Lanes">Its streams, the most urgent first.</param>
public sealed record BridgeStatus(
    string Id, BridgeState State, string? Server, DateTimeOffset Since, string? Reason, string? Remedy, int Inflight, IReadOnlyList<LaneStatus> Lanes);

/// <param name="Stream">Which one.</param>
/// <param name="Ledger">Its figures, in positions of the whole stream.</param>
/// <param name="Epochs">Its figures epoch by epoch, the current one first.</param>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="Held">Why upstream holds it back; null: it does not.</param>
/// <param name="Unheard">Entries that upstream has taken and had no subscriber for, since the start.</param>
public sealed record LaneStatus(StreamId Stream, StreamLedger Ledger, IReadOnlyList<StreamLedger> Epochs, long Bytes, string? Held, long Unheard)
{
    /// <summary>Entries that wait.</summary>
    public ulong Waiting => Ledger.Next - Ledger.Oldest;
}

public enum BridgeState : byte
{
    /// <summary>On its way, and nothing is known to be wrong.</summary>
    Connecting,

    /// <summary>Upstream has taken us and answered every subscription.</summary>
    Connected,

    /// <summary>Not connected, for a reason that is known; it tries again.</summary>
    Degraded,

    Stopped,
}
