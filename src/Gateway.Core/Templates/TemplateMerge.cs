using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>Puts a template below a device: what the device says itself counts, key by key and point by point. Every node keeps its place, in whichever file it is.</summary>
internal static class TemplateMerge
{
    /// <summary>Says how the registers of a template are counted: not for the device to change.</summary>
    private const string CountedBy = "address-base";

    public static MapNode Merge(MapNode device, DeviceTemplate template, ProblemList problems)
    {
        if (device.TryGet(CountedBy, out var counted))
        {
            problems.Error(counted.KeyPosition, $"{CountedBy} beside template: how its registers are counted is the template's to say", "remove it; registers of further points are counted in the same way");
            device = device with { Entries = [.. device.Entries.Where(e => e.Key != CountedBy)] };
        }

        var entries = device.Entries.Where(e => e.Key != "points").ToList();
        entries.AddRange(template.Keys.Entries.Where(e => e.Key != "points" && !device.TryGet(e.Key, out _)));
        template.Keys.TryGet("points", out var given);
        var own = device.TryGet("points", out var written) ? written.Value : null;
        entries.Add((own is null ? given : written) with { Value = Points(given.Value, own, device, problems) });
        return device with { Entries = entries };
    }

    /// <summary>Lists of points that are no lists are left to be reported by who reads them.</summary>
    private static ConfigNode Points(ConfigNode given, ConfigNode? own, MapNode device, ProblemList problems)
    {
        if (given is not ListNode list || own is not (null or ListNode))
        {
            return own ?? given;
        }

        var changes = (own as ListNode)?.Items ?? [];
        var isSlower = device.TryGet("every", out _);
        var chosen = Only(list, device, changes, problems);
        var points = chosen.Select(point => Point(point, changes.FirstOrDefault(c => IdOf(c) is { } id && id == IdOf(point)), isSlower)).ToList();
        points.AddRange(changes.Where(c => IdOf(c) is not { } id || !chosen.Any(p => IdOf(p) == id)));
        return (own as ListNode ?? list) with { Items = points };
    }

    /// <summary>What is named in only, and what is changed: nobody changes what he does not want.</summary>
    private static List<ConfigNode> Only(ListNode list, MapNode device, IReadOnlyList<ConfigNode> changes, ProblemList problems)
    {
        if (!device.TryGet("only", out var only) || only.Value is not ListNode wanted)
        {
            return [.. list.Items];
        }

        var ids = list.Items.Select(IdOf).OfType<string>().ToList();
        foreach (var id in wanted.Items.OfType<ScalarNode>().Where(w => !ids.Contains(w.Text)))
        {
            problems.Error(
                id.Position, $"the template has no point \"{id.Text}\"",
                NearestKey.Of(id.Text, ids) is { } nearest ? $"write {nearest}" : $"write some of {string.Join(", ", ids)}");
        }

        return [.. list.Items.Where(p => IdOf(p) is not { } id || wanted.Items.OfType<ScalarNode>().Any(w => w.Text == id) || changes.Any(c => IdOf(c) == id))];
    }

    /// <param name="point">The template's.</param>
    /// <param name="change">The device's, of the same id; null: none.</param>
    /// <param name="isSlower">The device has an interval of its own, which counts for points that have none in the device.</param>
    private static ConfigNode Point(ConfigNode point, ConfigNode? change, bool isSlower)
    {
        if (point is not MapNode map)
        {
            return point;
        }

        var own = change as MapNode;
        var kept = map.Entries.Where(e => !(isSlower && e.Key == "every") && own?.TryGet(e.Key, out _) != true);
        return new MapNode(own?.Position ?? map.Position, [.. own?.Entries ?? [], .. kept]);
    }

    private static string? IdOf(ConfigNode point) => point is MapNode map && map.TryGet("id", out var id) && id.Value is ScalarNode scalar ? scalar.Text : null;
}
