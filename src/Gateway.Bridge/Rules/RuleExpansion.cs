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
                rules.Add(new RewriteRule(rule.LocalPrefix, rule.Filter, rule.RemotePrefix, rule.Qos, label) { Position = rule.Position, Order = i });
            }
        }

        rules.AddRange(Standard(options, presets.Standard));
        rules.AddRange(own.Select(f => new RewriteRule("", f, "", QualityOfService.AtLeastOnce, "the gateway's own topics") { Order = options.Forward.Count }));
        rules.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        return rules;
    }

    /// <summary>What the bridge's preset <c>standard</c> stands for, if it has it.</summary>
    /// <param name="options">The bridge.</param>
    /// <param name="filters">Of some devices.</param>
    public static IEnumerable<RewriteRule> Standard(BridgeOptions options, IReadOnlyList<string> filters)
    {
        for (var i = 0; i < options.Forward.Count; i++)
        {
            var rule = options.Forward[i];
            if (rule.Preset == PresetTopics.StandardName)
            {
                var (label, order) = (Label("forward", i, rule.Preset), i);
                foreach (var filter in filters)
                {
                    yield return new RewriteRule("", filter, "", QualityOfService.AtLeastOnce, label) { IsPreset = true, Position = rule.Position, Order = order };
                }
            }
        }
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
