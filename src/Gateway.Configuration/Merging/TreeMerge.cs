namespace Gateway.Configuration;

/// <summary>One tree of several files: maps merge, lists append, and nothing is written twice.</summary>
internal static class TreeMerge
{
    public static MapNode Merge(MapNode first, MapNode second, ProblemList problems)
    {
        var entries = first.Entries.ToList();
        foreach (var entry in second.Entries)
        {
            var at = entries.FindIndex(e => e.Key == entry.Key);
            if (at < 0)
            {
                entries.Add(entry);
                continue;
            }

            var there = entries[at];
            entries[at] = there with { Value = Merge(there, entry, problems) };
        }

        return first with { Entries = entries };
    }

    private static ConfigNode Merge(MapEntry there, MapEntry entry, ProblemList problems)
    {
        switch (there.Value, entry.Value)
        {
            case (MapNode a, MapNode b):
                return Merge(a, b, problems);
            case (ListNode a, ListNode b):
                return a with { Items = [.. a.Items, .. b.Items] };
            case (_, ScalarNode { IsNothing: true }):
                // A section whose entries are all commented out adds nothing.
                return there.Value;
            case (ScalarNode { IsNothing: true }, _):
                return entry.Value;
            default:
                problems.Error(entry.KeyPosition, $"\"{entry.Key}\" is there twice, first at {there.KeyPosition}", "keep it in one of the files");
                return there.Value;
        }
    }
}
