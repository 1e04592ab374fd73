using System.Net;
using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway;

/// <summary>What starts, and is hardly meant.</summary>
internal static class Omissions
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        foreach (var link in configuration.Links.Where(l => l.Id.Length > 0 && !l.FindsDevices && configuration.Devices.All(d => d.Link.Id != l.Id)))
        {
            problems.Warn(link.Position, $"no device is on the link {link.Id}", $"add one to devices with link: {link.Id}");
        }

        var plan = TopicPlan.Of(configuration);
        foreach (var bridge in configuration.Bridges)
        {
            if (bridge.Forward.Count == 0 && bridge.Import.Count == 0)
            {
                problems.Warn(bridge.Position, $"the bridge {bridge.Id} forwards and imports nothing", "add forward: [standard]");
            }

            if (bridge.Password is not null && bridge.Servers.FirstOrDefault(s => !s.Tls && !IsLoopback(s.Host)) is { } open)
            {
                problems.Warn(bridge.Position, $"the password of {bridge.Id} travels to {open} in the clear", "write mqtts:// if the server can");
            }

            CheckAnswers(bridge, plan, problems);
        }
    }

    /// <summary>A command whose answer stays on the LAN looks lost to its sender.</summary>
    private static void CheckAnswers(BridgeOptions bridge, IReadOnlyList<PlannedTopic> plan, ProblemList problems)
    {
        if (bridge.Forward.Any(r => r.Preset == ForwardRule.Standard))
        {
            return;
        }

        var forwarded = bridge.Forward.SelectMany(r => RuleTopics.Local(r, plan)).ToList();
        foreach (var rule in bridge.Import)
        {
            var imported = RuleTopics.Local(rule, plan);
            var deaf = plan.Where(t => TopicPlan.Commands.Contains(t.Kind) && (rule.Preset == ImportRule.Commands || imported.Any(f => TopicFilter.Overlaps(f, t.Topic))))
                .Select(t => plan.FirstOrDefault(r => r.Kind == "response" && r.Device == t.Device))
                .FirstOrDefault(response => response is not null && !forwarded.Any(f => TopicFilter.Overlaps(f, response.Topic)));
            if (deaf is not null)
            {
                problems.Warn(rule.Position, $"commands to {deaf.Device} can come in by {bridge.Id}, but their answers ({deaf.Topic}) cannot get out", "add standard to forward");
            }
        }
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
