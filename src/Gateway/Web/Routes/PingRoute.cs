using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Whether a gateway works on this data folder.</summary>
internal static class PingRoute
{
    public const string Path = "/v1/ping";

    public static ControlRoute Create() =>
        new(HttpMethods.Get, Path, ControlAccess.Everyone, exchange => exchange.AnswerAsync(new ControlEndDocument(true), ControlJson.Default.ControlEndDocument));
}
