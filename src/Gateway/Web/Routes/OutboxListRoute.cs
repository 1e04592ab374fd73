using Gateway.OutboxControl;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Every stream and how it stands.</summary>
internal static class OutboxListRoute
{
    public const string Path = "/v1/outbox";

    public static ControlRoute Create(IOutboxControl outbox) => new(
        HttpMethods.Get,
        Path,
        ControlAccess.Everyone,
        async exchange => await exchange.AnswerAsync(await outbox.ListAsync(exchange.Cancellation).ConfigureAwait(false), OutboxJson.Lines.OutboxListing).ConfigureAwait(false));
}
