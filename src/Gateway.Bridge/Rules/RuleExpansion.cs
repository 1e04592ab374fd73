using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Replaces presets by the rules that they stand for.</summary>
internal static class RuleExpansion
{
    /// <summary>The forward rules in their order, then the gateway's own topics.</summary>
    public static List<RewriteRule> Forward(BridgeOptions options, PresetTopics presets, IReadOnlyList<string> own)
    {
        var rules = new List<RewriteRule>();
        for (var i = 0; i < options.Forward.Count; i++)
        {
            var rule = options.Forward[i];
            var label = Label("forward", i, rule.Preset);
            if (rule.Preset is null)
            {
                rules.Add(new RewriteRule(rule.LocalPrefix, rule.Filter, rule.RemotePrefix, rule.Qos, label) { Position = rule.Position });
            }
            else if (rule.Preset == PresetTopics.StandardName)
            {
                rules.AddRange(presets.Standard.Select(f => new RewriteRule("", f, "", QualityOfService.AtLeastOnce, label) { IsPreset = true, Position = rule.Position }));
            }
        }

        rules.AddRange(own.Select(static f => new RewriteRule("", f, "", QualityOfService.AtLeastOnce, "the gateway's own topics")));
        return rules;
    }

    /// <summary>The import rules, from upstream's topic to the local one.</summary>
    public static List<RewriteRule> Import(BridgeOptions options, PresetTopics presets)
    {
        var rules = new List<RewriteRule>();
        for (var i = 0; i < options.Import.Count; i++)
        {
            var rule = options.Import[i];
            var label = Label("import", i, rule.Preset);
            if (rule.Preset is null)
            {
                rules.Add(new RewriteRule(rule.RemotePrefix, rule.Filter, rule.LocalPrefix, QualityOfService.AtLeastOnce, label) { Position = rule.Position });
            }
            else if (rule.Preset == PresetTopics.CommandsName)
            {
                rules.AddRange(presets.Commands.Select(f => new RewriteRule("", f, "", QualityOfService.AtLeastOnce, label) { IsPreset = true, Position = rule.Position }));
            }
        }

        return rules;
    }

    private static string Label(string direction, int index, string? preset) =>
        $"{direction} rule {index + 1}{(preset is null ? "" : $" ({preset})")}";
}
