using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Bridge;
using Gateway.Storage;
using Gateway.Web;

namespace Gateway.OutboxControl;

/// <summary>The outbox of a journal that this process has open.</summary>
internal sealed class LocalOutbox(OutboxAdministration administration, OutboxSurroundings surroundings, TimeProvider time) : IOutboxControl
{
    /// <summary>Whoever asks over the socket is let in between so many entries.</summary>
    private const int Breath = 64;

    public Task<OutboxListing> ListAsync(CancellationToken cancellation)
    {
        var lanes = surroundings.Statuses().SelectMany(b => b.Lanes).ToDictionary(l => l.Stream);
        return Task.FromResult(new OutboxListing(
            surroundings.GatewayId,
            surroundings.Data,
            surroundings.IsRunning,
            [.. administration.Streams.Select(s => Row(s, lanes.GetValueOrDefault(s.Id)))]));
    }

    public async IAsyncEnumerable<OutboxLine> ReadAsync(OutboxQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var id = StreamNames.Find(query.Stream, administration.Streams).Id;
        using var look = administration.Look(id, query.From) ?? throw Gone(id);
        var lines = new EntryLines(surroundings, look.Overview);
        var now = time.GetUtcNow();
        if (query.Reports)
        {
            foreach (var gap in look.Overview.Gaps)
            {
                yield return lines.Gap(gap);
            }
        }

        for (var count = 0UL; count < query.Limit && look.TryNext(out var entry); count++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (count % Breath == 0)
            {
                await Task.Yield();
            }

            yield return query.Reports && entry.Message is null ? lines.Gap(entry, now) : lines.Entry(entry);
        }

        if (query.Reports)
        {
            yield return lines.Ledger(now);
        }
    }

    public async Task<DropReport> DropAsync(string stream, ulong? through, string by, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var found = StreamNames.Find(stream, administration.Streams);
        if (through is null && !IsConfigured(found))
        {
            var waited = await administration.RemoveAsync(found.Id).ConfigureAwait(false) ?? throw Gone(found.Id);
            surroundings.Alert(
                "operator-drop", $"stream {stream}, whose bridge left the configuration, was removed with {waited} messages by {by}", "nothing is to be done if that was meant");
            return new DropReport(stream, true, waited, 0);
        }

        if (through is { } last && last >= found.Ledger.Next)
        {
            throw new ControlException(
                ControlProblem.BadRequest, $"{stream} has no entry {last} yet: its newest is {found.Ledger.Next - 1}", "name one that is there, or leave --through out to drop everything");
        }

        var isConnected = surroundings.Statuses().Any(b => b.Id == found.Id.Bridge && b.State == BridgeState.Connected);
        var dropped = await administration.DropAsync(found.Id, through, inFlightToo: !isConnected).ConfigureAwait(false) ?? throw Gone(found.Id);
        surroundings.Alert(
            "operator-drop", $"{dropped.Dropped} messages of {stream} were dropped by {by}; upstream is told so as a gap", "nothing is to be done if that was meant");
        return new DropReport(stream, false, dropped.Dropped, dropped.InFlight);
    }

    public IAsyncEnumerable<RepairLine> RepairAsync(bool check, CancellationToken cancellation) =>
        new OutboxRepair(administration, surroundings, check).RunAsync(cancellation);

    private static ControlException Gone(StreamId id) => new(ControlProblem.NotFound, $"stream {id} has just been removed", "see edge-gateway outbox list");

    private bool IsConfigured(StreamOverview stream) => stream.IsOpen || surroundings.Bridges.Contains(stream.Id.Bridge);

    private StreamRow Row(StreamOverview stream, LaneStatus? lane)
    {
        long? age = null;
        if (stream.Waiting > 0)
        {
            using var look = administration.Look(stream.Id, 0);
            age = look is not null && look.TryNext(out var oldest) && oldest.Message is not null ? (long)oldest.Age.TotalMilliseconds : null;
        }

        var ledger = stream.Ledger;
        return new StreamRow(
            stream.Id.ToString(),
            stream.IsOpen ? StreamRow.Served : IsConfigured(stream) ? StreamRow.Idle : StreamRow.Left,
            stream.Waiting,
            stream.Bytes,
            age,
            Hex(ledger.Epoch),
            stream.PreviousEpoch is { } previous ? Hex(previous) : null,
            ledger.Oldest,
            ledger.Next,
            ledger.Acknowledged,
            ledger.Dropped,
            stream.Dropped.ToDictionary(d => d.Key.Name(), d => d.Value),
            stream.Gaps.Count,
            lane?.Held);
    }

    private static string Hex(ulong epoch) => epoch.ToString("x16", CultureInfo.InvariantCulture);
}
