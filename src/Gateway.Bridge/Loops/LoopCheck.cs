using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>Composes the rewrite rules of all bridges and looks for topics that come back (loop prevention, layer 5). Pure.</summary>
/// <remarks>
/// A round trip is a forward rule and an import rule of the same upstream. A chain of round trips that takes its own result again is a cycle:
/// if the topic is the same as before, No Local, split horizon and gw-path cut it; if it is longer each time, nothing should rely on that.
/// </remarks>
public static class LoopCheck
{
    /// <summary>Round trips in a row; longer cycles are made of shorter ones in any configuration that people write.</summary>
    private const int MaxChain = 4;

    /// <summary>A set that has passed this often through a chain passes for ever: no filter that people write has so many levels.</summary>
    private const int ForEver = 64;

    /// <summary>Bounds the search in a configuration with thousands of rules.</summary>
    private const int MaxSteps = 100_000;

    private sealed record RoundTrip(BridgeOptions Out, RewriteRule Forward, BridgeOptions Back, RewriteRule Import)
    {
        public string? Apply(string set) => FilterAlgebra.Rewrite(set, Forward) is { } remote ? FilterAlgebra.Rewrite(remote, Import) : null;
    }

    /// <summary>Warnings for cycles that are cut, errors for those that are not. Rules must have passed their tables.</summary>
    public static IReadOnlyList<LoopFinding> Run(IReadOnlyList<BridgeOptions> bridges, PresetTopics presets)
    {
        var trips = RoundTrips(bridges, presets);
        var findings = new List<LoopFinding>();
        var reported = new HashSet<string>();
        var steps = 0;
        var chain = new List<RoundTrip>();
        foreach (var first in trips)
        {
            Extend(first, first.Forward.Domain);
        }

        return findings;

        void Extend(RoundTrip trip, string set)
        {
            if (++steps > MaxSteps || chain.Contains(trip) || trip.Apply(set) is not { } image)
            {
                return;
            }

            chain.Add(trip);
            if (Judge(chain) is { } finding && reported.Add(string.Join('\n', chain.Select(static t => t.Forward.Domain + t.Import.Domain + t.Out.Id + t.Back.Id).Order())))
            {
                findings.Add(finding);
            }

            if (chain.Count < MaxChain)
            {
                foreach (var next in trips)
                {
                    Extend(next, image);
                }
            }

            chain.RemoveAt(chain.Count - 1);
        }
    }

    /// <summary>Whether two bridges lead to the same broker.</summary>
    private static bool SameUpstream(BridgeOptions first, BridgeOptions second) =>
        first.Servers.Any(a => second.Servers.Any(a.IsSameBroker));

    private static List<RoundTrip> RoundTrips(IReadOnlyList<BridgeOptions> bridges, PresetTopics presets)
    {
        var imports = bridges.Select(b => (Bridge: b, Rules: RuleExpansion.Import(b, presets))).ToArray();
        var trips = new List<RoundTrip>();
        foreach (var bridge in bridges)
        {
            foreach (var forward in RuleExpansion.Forward(bridge, presets, []))
            {
                foreach (var (back, rules) in imports)
                {
                    if (ReferenceEquals(bridge, back) || SameUpstream(bridge, back))
                    {
                        trips.AddRange(rules.Where(i => CanMeet(forward, i)).Select(i => new RoundTrip(bridge, forward, back, i)));
                    }
                }
            }
        }

        return trips;
    }

    /// <summary>Presets of thousands of points are not compared with each other: two kinds of topic are never the same one.</summary>
    private static bool CanMeet(RewriteRule forward, RewriteRule import) =>
        !(forward.IsPreset && import.IsPreset) && TopicFilter.Overlaps(forward.Image, import.Domain);

    private static LoopFinding? Judge(List<RoundTrip> chain)
    {
        var growth = chain.Sum(static t => t.Forward.TargetPrefix.Length - t.Forward.SourcePrefix.Length + t.Import.TargetPrefix.Length - t.Import.SourcePrefix.Length);
        var start = chain[0].Forward.Domain;
        var set = start;
        for (var i = 0; i < (growth > 0 ? ForEver : 2); i++)
        {
            foreach (var trip in chain)
            {
                if (trip.Apply(set) is not { } image)
                {
                    return null;
                }

                set = image;
            }
        }

        var path = string.Join(", ", chain.Select(static t => $"{t.Forward.Label} of {t.Out.Id}, {t.Import.Label} of {t.Back.Id}"));
        var position = chain[0].Forward.Position;
        if (growth > 0)
        {
            var topic = FilterAlgebra.Example(start);
            var grown = chain.Aggregate(topic, static (t, trip) => trip.Apply(t) ?? t);
            return new LoopFinding(
                position, true, $"a message on {topic} would come back as {grown}, and longer each time ({path})", "take the prefix off in the direction in which it was not put on");
        }

        var example = FilterAlgebra.Example(set);
        var several = chain.Any(t => t.Out.Id != chain[0].Out.Id || t.Back.Id != chain[0].Out.Id);
        if (several && chain.Any(static t => t.Out.Protocol < ProtocolVersion.V500 || t.Back.Protocol < ProtocolVersion.V500))
        {
            return new LoopFinding(
                position, true, $"a message on {example} would go round for ever through more than one bridge ({path}), and MQTT 3.1.1 carries nothing by which that could be noticed",
                "use protocol: 5 on these bridges, or make the filters disjoint");
        }

        return new LoopFinding(
            position, false, $"a message on {example} would go out and come back ({path}); loop prevention drops what comes back", "make the filters disjoint if that is not meant");
    }
}
