using System.Text.Json.Nodes;
using Gateway.Core;

namespace Gateway;

/// <summary>What a configuration would run, for programs.</summary>
public static class ConfigurationSummaryJson
{
    public static JsonObject Of(GatewayConfiguration configuration)
    {
        var plan = TopicPlan.Of(configuration);
        return new()
        {
            ["files"] = Texts(configuration.Files),
            ["gateway"] = new JsonObject
            {
                ["id"] = configuration.Gateway.Id, ["root"] = configuration.Gateway.Root, ["data"] = configuration.Gateway.Data,
            },
            ["listeners"] = Array(configuration.Broker.Listeners, l => new JsonObject { ["bind"] = l.Bind, ["port"] = l.Port }),
            ["links"] = Array(configuration.Links, l => new JsonObject { ["id"] = l.Id, ["type"] = l.Type, ["address"] = l.Address, ["lets-in"] = LetIn(l, configuration) }),
            ["devices"] = Array(configuration.Devices, d => new JsonObject
            {
                ["id"] = d.Id, ["link"] = d.Link.Id, ["template"] = Template(d.Template), ["finds-points"] = d.FindsPoints, ["points"] = Array(d.Points, Point),
            }),
            ["topics"] = Array(plan, t => new JsonObject { ["kind"] = t.Kind, ["device"] = t.Device, ["topic"] = t.Topic }),
            ["bridges"] = Array(configuration.Bridges, b => new JsonObject
            {
                ["id"] = b.Id,
                ["servers"] = Texts([.. b.Servers.Select(s => s.ToString())]),
                ["client-id"] = b.ClientId ?? configuration.Gateway.Id,
                ["forward"] = Array(b.Forward, r => new JsonObject
                {
                    ["preset"] = r.Preset, ["local"] = Texts(RuleTopics.Local(r, plan)), ["local-prefix"] = r.LocalPrefix, ["remote-prefix"] = r.RemotePrefix, ["qos"] = (int)r.Qos,
                }),
                ["import"] = Array(b.Import, r => new JsonObject
                {
                    ["preset"] = r.Preset, ["remote"] = Texts(RuleTopics.Remote(r, plan)), ["local-prefix"] = r.LocalPrefix, ["remote-prefix"] = r.RemotePrefix,
                }),
            }),
        };
    }

    private static JsonObject? LetIn(LinkOptions link, GatewayConfiguration configuration) => link.LetsIn is not { } letIn ? null : new()
    {
        ["patterns"] = Texts(letIn.Patterns),
        ["id"] = letIn.Id,
        ["limit"] = letIn.Limit,
        ["topics"] = Array(TopicPlan.OfLetIn(configuration, link, letIn), static t => new JsonObject { ["kind"] = t.Kind, ["topic"] = t.Topic }),
    };

    internal static JsonObject? Template(TemplateUse? template) => template is null ? null : new()
    {
        ["name"] = template.Name,
        ["device"] = template.Device,
        ["document"] = template.Document,
        ["page"] = template.Page,
        ["unverified"] = template.IsUnverified,
        ["file"] = template.File,
    };

    private static JsonObject Point(PointOptions point) => new()
    {
        ["id"] = point.Id,
        ["address"] = point.Address.ToString(),
        ["unit"] = point.Unit,
        ["every-ms"] = point.Address.IsPolled ? (long)point.Every.TotalMilliseconds : null,
        ["writable"] = point.Write is not null,
    };

    private static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> item) => new([.. items.Select(i => (JsonNode)item(i))]);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}
