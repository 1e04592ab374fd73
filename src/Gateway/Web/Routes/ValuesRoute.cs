using Gateway.Values;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>What was read last: of a <c>device</c>, or of all.</summary>
internal static class ValuesRoute
{
    public const string Path = "/v1/values";

    public static ControlRoute Create(LastValues values) => new(
        HttpMethods.Get, Path, ControlAccess.Operators, exchange => exchange.AnswerAsync(values.Now(exchange.Text("device")), ValuesJson.Lines.IReadOnlyListPointLine));
}
