using Gateway.OutboxControl;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>What waits in a stream: <c>stream</c>, <c>from</c>, <c>limit</c>, <c>reports</c> (gaps and ledger as well).</summary>
internal static class OutboxReadRoute
{
    public const string Path = "/v1/outbox/entries";

    public static ControlRoute Create(IOutboxControl outbox) => new(HttpMethods.Get, Path, ControlAccess.Operators, exchange =>
    {
        var query = new OutboxQuery(exchange.Required("stream"), exchange.Number("from") ?? 0, exchange.Number("limit") ?? ulong.MaxValue, exchange.Flag("reports"));
        return exchange.AnswerAsync(outbox.ReadAsync(query, exchange.Cancellation), OutboxJson.Lines.OutboxLine);
    });
}
