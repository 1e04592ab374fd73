using Gateway.OutboxControl;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Verifies the journal file by file: <c>check</c> only looks.</summary>
internal static class OutboxRepairRoute
{
    public const string Path = "/v1/outbox/repair";

    public static ControlRoute Create(IOutboxControl outbox) => new(
        HttpMethods.Post, Path, ControlAccess.Operators, exchange => exchange.AnswerAsync(outbox.RepairAsync(exchange.Flag("check"), exchange.Cancellation), OutboxJson.Lines.RepairLine));
}
