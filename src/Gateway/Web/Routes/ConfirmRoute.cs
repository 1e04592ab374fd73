using Gateway.Applying;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>The file of a configuration on trial is written: <c>trial</c>.</summary>
internal static class ConfirmRoute
{
    public const string Path = "/v1/configuration/confirm";

    public static ControlRoute Create(RunningConfiguration running) => new(HttpMethods.Post, Path, ControlAccess.Operators, exchange =>
    {
        running.Confirm((int)(exchange.Number("trial") ?? 0));
        return exchange.AnswerAsync(new ControlEndDocument(true), ControlJson.Default.ControlEndDocument);
    });
}
