using System.Text;
using System.Text.Json;
using Gateway.Diagnostics;
using Gateway.Metering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Web;

/// <summary>What monitoring asks: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>.</summary>
/// <param name="hearts">What must beat.</param>
/// <param name="metrics">All figures.</param>
/// <param name="storage">Why nothing can be acknowledged now; null: it can.</param>
internal sealed class HealthEndpoints(IReadOnlyList<IHeartbeat> hearts, MetricsListener metrics, Func<string?> storage)
{
    public const string Metrics = "/metrics";
    public const string Health = "/healthz";
    public const string Ready = "/readyz";

    /// <summary>A probe's own patience is seldom longer.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public void Map(WebApplication web)
    {
        web.MapGet(Metrics, (RequestDelegate)(context => TextAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, PrometheusText.Of(metrics.Collect()))));
        web.MapGet(Health, (RequestDelegate)HealthAsync);
        web.MapGet(Ready, (RequestDelegate)ReadyAsync);
    }

    public static bool Serves(PathString path) => path == Metrics || path == Health || path == Ready;

    /// <summary>Lives: a round trip through broker, pipeline and journal.</summary>
    private async Task HealthAsync(HttpContext context)
    {
        var parts = await Task.WhenAll(hearts.Select(async h =>
            new KeyValuePair<string, bool>(h.Name, await h.IsBeatingAsync(s_patience, context.RequestAborted).ConfigureAwait(false)))).ConfigureAwait(false);
        await AnswerAsync(context, parts.All(static p => p.Value), parts.ToDictionary(static p => p.Key, static p => p.Value ? StatusReport.Ok : "stands still")).ConfigureAwait(false);
    }

    /// <summary>Takes work: the listeners accept, and the journal acknowledges.</summary>
    private Task ReadyAsync(HttpContext context)
    {
        var problem = storage();
        return AnswerAsync(context, problem is null, new() { ["journal"] = problem ?? StatusReport.Ok });
    }

    private static Task AnswerAsync(HttpContext context, bool isWell, Dictionary<string, string> parts)
    {
        var report = new HealthReport(isWell ? StatusReport.Ok : "failed", parts);
        return TextAsync(
            context, isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, "application/json",
            JsonSerializer.Serialize(report, HealthJson.Default.HealthReport) + "\n");
    }

    private static Task TextAsync(HttpContext context, int code, string type, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, Encoding.UTF8, context.RequestAborted);
    }
}
