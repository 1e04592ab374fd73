namespace Gateway.OutboxControl;

/// <summary>What people do with the outbox: of a running gateway through its control socket, or of a data folder that nobody works on.</summary>
/// <remarks>All members throw <see cref="Gateway.Web.ControlException"/> with what is wrong and what to do.</remarks>
internal interface IOutboxControl
{
    Task<OutboxListing> ListAsync(CancellationToken cancellation);

    /// <summary>What waits, oldest first, as it was at the beginning of the look; delivery goes on beside it.</summary>
    IAsyncEnumerable<OutboxLine> ReadAsync(OutboxQuery query, CancellationToken cancellation);

    /// <summary>Gives up what waits; a stream that no configured bridge serves is removed, unless <paramref name="through"/> says how far only.</summary>
    /// <param name="stream"><c>bridge.lane</c>.</param>
    /// <param name="through">The last number; null: everything.</param>
    /// <param name="by">Who, for the alert.</param>
    /// <param name="cancellation">Before it is begun.</param>
    Task<DropReport> DropAsync(string stream, ulong? through, string by, CancellationToken cancellation);

    /// <summary>Verifies everything, tells each file and stream as it is done, and at last the result.</summary>
    /// <param name="check">Only looks.</param>
    /// <param name="cancellation">Ends it; what was repaired until then stays.</param>
    IAsyncEnumerable<RepairLine> RepairAsync(bool check, CancellationToken cancellation);
}

/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="From">The first number.</param>
/// <param name="Limit">Entries at most.</param>
/// <param name="Reports">Also the gaps and the ledger, as the gateway publishes them.</param>
internal readonly record struct OutboxQuery(string Stream, ulong From, ulong Limit, bool Reports);
