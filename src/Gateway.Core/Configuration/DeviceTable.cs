using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of an entry of <c>devices</c>: its own, those of its link's type, and its points.</summary>
public static class DeviceTable
{
    private static readonly Kind<TelemetryShape> Shapes = Kinds.Choice(("per-point", TelemetryShape.PerPoint), ("per-device", TelemetryShape.PerDevice));

    /// <param name="catalog">The protocols that are built, at least one.</param>
    /// <param name="links">All links; a device names one of them.</param>
    public static Kind<DeviceOptions> Kind(IReadOnlyList<IAdapterType> catalog, IReadOnlyList<LinkOptions> links) =>
        new Table<DeviceOptions>("a device", "{ id: boiler-7, link: plc, points: [] }", map => Read(map, catalog, links));

    private static DeviceOptions Read(MapReader map, IReadOnlyList<IAdapterType> catalog, IReadOnlyList<LinkOptions> links)
    {
        var id = map.Required("id", Kinds.Id, "Name of the device; a level of its topics.");
        var link = LinkOf(map, links);
        var type = catalog.FirstOrDefault(t => t.Type == link.Type);
        var address = map.OneOf(null, type?.Type, [.. catalog.Select(t => new Alternative<DeviceAddress>(t.Type, t.ReadDevice))]);
        return new()
        {
            Id = id,
            Link = link,
            Address = address,
            Telemetry = map.Optional("telemetry", Shapes, TelemetryShape.PerPoint, "One message per reading, or one object per poll cycle."),
            Points = map.Required(
                "points",
                Kinds.ListOfUnique(PointTable.Kind(catalog, type, link, id, address), "the point", p => p.Id, p => p.Position, min: 1),
                "What is read and written in the device."),
            Position = map.Position,
        };
    }

    private static LinkOptions LinkOf(MapReader map, IReadOnlyList<LinkOptions> links)
    {
        var id = map.Required("link", Kinds.Id, "Id of the link behind which the device is.");
        if (links.FirstOrDefault(l => l.Id == id) is { } link)
        {
            return link;
        }

        if (id.Length > 0)
        {
            var known = links.Select(l => l.Id).Where(i => i.Length > 0).Distinct().ToList();
            var instead = NearestKey.Of(id, known) is { } nearest ? $"write {nearest}"
                : known.Count == 0 ? "add it to links" : $"write one of {string.Join(", ", known)}, or add it to links";
            map.Wrong("link", $"there is no link \"{id}\"", instead);
        }

        return new UnknownLink(id, map.Position);
    }
}
