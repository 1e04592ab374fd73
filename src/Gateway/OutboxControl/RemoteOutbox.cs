using System.Globalization;
using Gateway.Web;

namespace Gateway.OutboxControl;

/// <summary>The outbox of the gateway that runs.</summary>
internal sealed class RemoteOutbox(ControlClient client) : IOutboxControl
{
    public Task<OutboxListing> ListAsync(CancellationToken cancellation) =>
        client.AskAsync(HttpMethod.Get, OutboxListRoute.Path, OutboxJson.Lines.OutboxListing, cancellation);

    public IAsyncEnumerable<OutboxLine> ReadAsync(OutboxQuery query, CancellationToken cancellation) => client.LinesAsync(
        HttpMethod.Get,
        string.Create(CultureInfo.InvariantCulture, $"{OutboxReadRoute.Path}?stream={Uri.EscapeDataString(query.Stream)}&from={query.From}&limit={query.Limit}{(query.Reports ? "&reports=true" : "")}"),
        OutboxJson.Lines.OutboxLine,
        cancellation);

    /// <summary>Who asks, the gateway knows by itself.</summary>
    public Task<DropReport> DropAsync(string stream, ulong? through, string by, CancellationToken cancellation) => client.AskAsync(
        HttpMethod.Post,
        string.Create(CultureInfo.InvariantCulture, $"{OutboxDropRoute.Path}?stream={Uri.EscapeDataString(stream)}{(through is { } last ? $"&through={last}" : "")}"),
        OutboxJson.Lines.DropReport,
        cancellation);

    public IAsyncEnumerable<RepairLine> RepairAsync(bool check, CancellationToken cancellation) =>
        client.LinesAsync(HttpMethod.Post, $"{OutboxRepairRoute.Path}{(check ? "?check=true" : "")}", OutboxJson.Lines.RepairLine, cancellation);
}
