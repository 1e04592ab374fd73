using Gateway.OutboxControl;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Gives up what waits in a stream: <c>stream</c>, <c>through</c>.</summary>
internal static class OutboxDropRoute
{
    public const string Path = "/v1/outbox/drop";

    public static ControlRoute Create(IOutboxControl outbox) => new(HttpMethods.Post, Path, ControlAccess.Operators, async exchange =>
    {
        var report = await outbox.DropAsync(exchange.Required("stream"), exchange.Number("through"), $"user {exchange.Peer.User}", exchange.Cancellation).ConfigureAwait(false);
        await exchange.AnswerAsync(report, OutboxJson.Lines.DropReport).ConfigureAwait(false);
    });
}
