using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway;

/// <summary>Overlapping subscriptions of one bridge: upstream may send a message once for each (MQTT 5.0 §3.3.4), and it would be imported twice.</summary>
internal static class ImportOverlaps
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var plan = TopicPlan.Of(configuration);
        foreach (var bridge in configuration.Bridges)
        {
            var before = new List<(ImportRule Rule, IReadOnlyList<string> Filters)>();
            foreach (var rule in bridge.Import)
            {
                var filters = RuleTopics.Remote(rule, plan);
                foreach (var other in before)
                {
                    if (Clash(rule, filters, other.Rule, other.Filters) is { } clash)
                    {
                        problems.Error(rule.Position, clash, "remove one of them, or narrow its filter");
                        break;
                    }
                }

                before.Add((rule, filters));
            }
        }
    }

    private static string? Clash(ImportRule rule, IReadOnlyList<string> filters, ImportRule other, IReadOnlyList<string> others)
    {
        if (rule.Preset is not null && rule.Preset == other.Preset)
        {
            return $"the preset {rule.Preset} is there twice, first at {other.Position}";
        }

        foreach (var filter in filters)
        {
            if (others.FirstOrDefault(o => TopicFilter.Overlaps(o, filter)) is { } overlapped)
            {
                return $"\"{filter}\" overlaps \"{overlapped}\" of the rule at {other.Position}: what both match would come in twice";
            }
        }

        return null;
    }
}
