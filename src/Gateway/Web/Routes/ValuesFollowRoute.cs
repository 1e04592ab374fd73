using Gateway.Values;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>What was read last, and what is read from now on, until nobody listens: of a <c>device</c>, or of all.</summary>
internal static class ValuesFollowRoute
{
    public const string Path = "/v1/values/follow";

    public static ControlRoute Create(LastValues values) => new(
        HttpMethods.Get, Path, ControlAccess.Operators, exchange => exchange.FollowAsync(values.FollowAsync(exchange.Text("device"), exchange.Cancellation), ValuesJson.Lines.PointLine));
}
