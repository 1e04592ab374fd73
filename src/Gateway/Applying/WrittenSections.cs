using Gateway.Configuration;

namespace Gateway.Applying;

/// <summary>The configuration as it was written, to say what was written differently.</summary>
internal sealed class WrittenSections(GatewayConfiguration configuration)
{
    private readonly MapNode? _root = ConfigurationFiles.Merge(configuration.Sources, new ProblemList());

    /// <summary>The map at the end of these keys; null: it is not written.</summary>
    public MapNode? Section(params string[] keys)
    {
        ConfigNode? node = _root;
        foreach (var key in keys)
        {
            node = node is MapNode map && map.TryGet(key, out var entry) ? entry.Value : null;
        }

        return node as MapNode;
    }

    /// <summary>The entry of a list that has this id.</summary>
    public MapNode? Entry(string list, string id) => Find(_root, list, id);

    public MapNode? Point(string device, string point) => Find(Entry("devices", device), "points", point);

    private static MapNode? Find(MapNode? map, string list, string id) => map is not null && map.TryGet(list, out var entry) && entry.Value is ListNode items
        ? items.Items.OfType<MapNode>().FirstOrDefault(i => i.TryGet("id", out var own) && own.Value is ScalarNode scalar && scalar.Text == id)
        : null;
}
