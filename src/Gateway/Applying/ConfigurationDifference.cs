namespace Gateway.Applying;

/// <summary>What another configuration would change, for people.</summary>
/// <param name="Changes">One line for each thing: <c>+</c> comes, <c>-</c> goes, <c>~</c> changes.</param>
/// <param name="Effects">What is interrupted by it.</param>
/// <param name="NeedsRestart">What can only change with a restart of the process.</param>
internal sealed record ConfigurationDifference(IReadOnlyList<string> Changes, IReadOnlyList<string> Effects, IReadOnlyList<string> NeedsRestart)
{
    public bool IsNothing => Changes.Count == 0 && Effects.Count == 0 && NeedsRestart.Count == 0;

    /// <param name="before">What runs.</param>
    /// <param name="after">What shall run, <see cref="Grafting"/> done.</param>
    public static ConfigurationDifference Between(GatewayConfiguration before, GatewayConfiguration after)
    {
        var (old, now) = (new WrittenSections(before), new WrittenSections(after));
        var changes = new List<string>();
        changes.AddRange(BrokerChanges.Of(before.Broker, after.Broker, old, now));
        changes.AddRange(Links(before, after, old, now));
        changes.AddRange(DeviceChanges.Of(before, after, old, now));
        changes.AddRange(Bridges(before, after, old, now));
        return new(changes, [.. ConfigurationEffects.Of(before, after)], [.. RestartNeeds.Of(before, after, old, now)]);
    }

    private static IEnumerable<string> Links(GatewayConfiguration before, GatewayConfiguration after, WrittenSections old, WrittenSections now)
    {
        foreach (var gone in before.Links.ExceptBy(after.Links.Select(l => l.Id), l => l.Id))
        {
            yield return $"- link {gone.Id}";
        }

        foreach (var link in after.Links)
        {
            if (before.Links.FirstOrDefault(l => l.Id == link.Id) is not { } earlier)
            {
                yield return $"+ link {link.Id}: {link.Type} at {link.Address}";
            }
            else if (!Sameness.Same(earlier, link))
            {
                foreach (var line in TreeDifference.Of(old.Entry("links", link.Id), now.Entry("links", link.Id)))
                {
                    yield return $"~ link {link.Id}  {line}";
                }
            }
        }
    }

    private static IEnumerable<string> Bridges(GatewayConfiguration before, GatewayConfiguration after, WrittenSections old, WrittenSections now)
    {
        foreach (var gone in before.Bridges.ExceptBy(after.Bridges.Select(b => b.Id), b => b.Id))
        {
            yield return $"- bridge {gone.Id}";
        }

        foreach (var bridge in after.Bridges)
        {
            if (before.Bridges.FirstOrDefault(b => b.Id == bridge.Id) is not { } earlier)
            {
                yield return $"+ bridge {bridge.Id} to {string.Join(", then ", bridge.Servers)}";
            }
            else if (!Sameness.Same(earlier, bridge))
            {
                foreach (var line in TreeDifference.Of(old.Entry("bridges", bridge.Id), now.Entry("bridges", bridge.Id)))
                {
                    yield return $"~ bridge {bridge.Id}  {line}";
                }
            }
        }
    }
}
