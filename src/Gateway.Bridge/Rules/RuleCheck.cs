using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>What <c>check</c> says about the bridges' rules.</summary>
/// <param name="IsError">false: a warning.</param>
/// <param name="Bridge">Id of the bridge.</param>
/// <param name="Text">What is wrong.</param>
/// <param name="Remedy">What to write instead.</param>
public sealed record BridgeFinding(bool IsError, string Bridge, string Text, string Remedy);

/// <summary>Judges the rules of each bridge by themselves, and the bridges beside each other. Pure; loops are <see cref="LoopCheck"/>'s.</summary>
public static class RuleCheck
{
    public static IReadOnlyList<BridgeFinding> Run(IReadOnlyList<BridgeOptions> bridges, PresetTopics presets, string gatewayId)
    {
        var findings = new List<BridgeFinding>();
        foreach (var bridge in bridges)
        {
            Presets(bridge, findings);
            Filters(bridge, findings);
            Overlaps(bridge, presets, findings);
            Answers(bridge, presets, findings);
        }

        ClientIds(bridges, gatewayId, findings);
        return findings;
    }

    private static void Presets(BridgeOptions bridge, List<BridgeFinding> findings)
    {
        foreach (var name in bridge.Forward.Select(static r => r.Preset).Where(static p => p is not null and not PresetTopics.StandardName))
        {
            findings.Add(new(true, bridge.Id, $"forward: there is no preset \"{name}\"", $"the preset for forward is {PresetTopics.StandardName}"));
        }

        foreach (var name in bridge.Import.Select(static r => r.Preset).Where(static p => p is not null and not PresetTopics.CommandsName))
        {
            findings.Add(new(true, bridge.Id, $"import: there is no preset \"{name}\"", $"the preset for import is {PresetTopics.CommandsName}"));
        }
    }

    private static void Filters(BridgeOptions bridge, List<BridgeFinding> findings)
    {
        var rules = bridge.Forward.Where(static r => r.Preset is null).Select(static (r, i) => (Name: "forward", r.Filter, r.LocalPrefix, r.RemotePrefix))
            .Concat(bridge.Import.Where(static r => r.Preset is null).Select(static (r, i) => (Name: "import", r.Filter, r.LocalPrefix, r.RemotePrefix)));
        foreach (var (name, filter, local, remote) in rules)
        {
            foreach (var whole in new[] { local + filter, remote + filter })
            {
                if (TopicFilter.HasWildcard(local) || TopicFilter.HasWildcard(remote))
                {
                    findings.Add(new(true, bridge.Id, $"{name}: a prefix of filter \"{filter}\" has a wildcard", "prefixes are plain text; + and # belong in the filter"));
                    break;
                }

                if (!TopicFilter.IsValid(whole))
                {
                    findings.Add(new(true, bridge.Id, $"{name}: \"{whole}\" is not a topic filter", "prefix and filter are joined as they are: end the prefix with /"));
                    break;
                }

                if (TopicName.IsReserved(whole) || TopicFilter.IsShared(whole))
                {
                    findings.Add(new(true, bridge.Id, $"{name}: \"{whole}\" begins with $, which is never bridged", "leave it out"));
                    break;
                }
            }
        }

        if (bridge.Forward.Any(static r => r.Qos == QualityOfService.ExactlyOnce))
        {
            findings.Add(new(true, bridge.Id, "forward: qos 2 is not offered", "write qos: 1; the identity of each message removes duplicates"));
        }
    }

    private static void Overlaps(BridgeOptions bridge, PresetTopics presets, List<BridgeFinding> findings)
    {
        var imports = RuleExpansion.Import(bridge, presets).Where(static r => TopicFilter.IsValid(r.Domain)).ToArray();
        for (var i = 0; i < imports.Length; i++)
        {
            for (var j = i + 1; j < imports.Length; j++)
            {
                if (imports[i].Label != imports[j].Label && TopicFilter.Overlaps(imports[i].Domain, imports[j].Domain))
                {
                    findings.Add(new(
                        true, bridge.Id, $"{imports[i].Label} \"{imports[i].Domain}\" and {imports[j].Label} \"{imports[j].Domain}\" overlap: such a message would come in twice",
                        "make their filters disjoint"));
                }
            }
        }
    }

    private static void Answers(BridgeOptions bridge, PresetTopics presets, List<BridgeFinding> findings)
    {
        var imports = RuleExpansion.Import(bridge, presets).Where(static r => TopicFilter.IsValid(r.Image)).ToArray();
        if (!presets.Commands.Any(c => imports.Any(r => TopicFilter.Overlaps(r.Image, c))))
        {
            return;
        }

        var forward = new RuleTable(RuleExpansion.Forward(bridge, presets, []).Where(static r => TopicFilter.IsValid(r.Domain)).ToArray());
        if (presets.Answers.FirstOrDefault(a => forward.Match(a, out _) is null) is { } unanswered)
        {
            findings.Add(new(
                false, bridge.Id, $"commands come in, but their answers on {unanswered} match no forward rule", $"add {PresetTopics.StandardName} to forward"));
        }
    }

    private static void ClientIds(IReadOnlyList<BridgeOptions> bridges, string gatewayId, List<BridgeFinding> findings)
    {
        for (var i = 0; i < bridges.Count; i++)
        {
            for (var j = i + 1; j < bridges.Count; j++)
            {
                if ((bridges[i].ClientId ?? gatewayId) == (bridges[j].ClientId ?? gatewayId) && LoopCheck.SameUpstream(bridges[i], bridges[j]))
                {
                    findings.Add(new(
                        true, bridges[j].Id, $"bridges {bridges[i].Id} and {bridges[j].Id} connect to the same server with the same client id and would disconnect each other",
                        "give one of them a client-id of its own"));
                }
            }
        }
    }
}
