using Gateway.Applying;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>Puts a configuration on trial, and tells its steps. Who goes away before the end takes it back.</summary>
internal static class ApplyRoute
{
    public const string Path = "/v1/configuration/apply";

    public static ControlRoute Create(RunningConfiguration running) => new(HttpMethods.Post, Path, ControlAccess.Operators, async exchange =>
    {
        var trial = running.Begin(await exchange.ReadAsync(ApplyJson.Lines.ApplyRequest).ConfigureAwait(false), $"user {exchange.Peer.User}");
        try
        {
            await exchange.AnswerAsync(trial.LinesAsync(exchange.Cancellation), ApplyJson.Lines.TrialLine, isLive: true).ConfigureAwait(false);
        }
        finally
        {
            // Whatever ended the answer: nobody hears of the trial any more. After its end it means nothing.
            trial.Leave();
        }
    });
}
