using Gateway.Applying;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Says what a configuration would change.</summary>
internal static class PlanRoute
{
    public const string Path = "/v1/configuration/plan";

    public static ControlRoute Create(RunningConfiguration running) => new(HttpMethods.Post, Path, ControlAccess.Operators, async exchange =>
        await exchange.AnswerAsync(running.Plan(await exchange.ReadAsync(ApplyJson.Lines.ApplyRequest).ConfigureAwait(false)), ApplyJson.Lines.PlanDocument).ConfigureAwait(false));
}
