using System.Text.Json.Nodes;
using Gateway.Core;

namespace Gateway;

/// <summary>What each link will ask, for programs.</summary>
internal static class PollPlanJson
{
    public static JsonArray Of(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog) =>
        new([.. PollPlans.Of(configuration, catalog).Where(p => p.Plan is not null).Select(p => Link(p.Link, p.Plan!))]);

    private static JsonNode Link(LinkOptions link, LinkPlan plan) => new JsonObject
    {
        ["link"] = link.Id,
        ["reads"] = new JsonArray([.. plan.Requests.Select(Read)]),
        ["load"] = plan.Load is not { } load ? null : new JsonObject
        {
            ["wire"] = Math.Round(load.Wire, 4), ["likely"] = Math.Round(load.Likely, 4), ["turnaround-ms"] = load.Turnaround.TotalMilliseconds,
            ["state"] = load.Wire > 1 ? "overloaded" : load.Likely > 1 ? "likely-overloaded" : load.Likely > WireLoad.NearlyFull ? "nearly-full" : "ok",
        },
    };

    private static JsonNode Read(PlannedRequest request) => new JsonObject
    {
        ["device"] = request.Device,
        ["address"] = request.Address,
        ["function"] = request.Function,
        ["range"] = request.Range,
        ["points"] = new JsonArray([.. request.Points.Select(p => (JsonNode)p)]),
        ["every-ms"] = request.Every.TotalMilliseconds,
        ["request-bytes"] = request.RequestBytes,
        ["response-bytes"] = request.ResponseBytes,
        ["wire-ms"] = request.WireTime is { } time ? Math.Round(time.TotalMilliseconds, 3) : null,
    };
}
