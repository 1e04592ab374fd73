using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of an entry of <c>devices</c>: its own, those of its link's type, and its points.</summary>
public static class DeviceTable
{
    private static readonly Kind<TelemetryShape> Shapes = Kinds.Choice(("per-point", TelemetryShape.PerPoint), ("per-device", TelemetryShape.PerDevice));

    /// <param name="catalog">The protocols that are built, at least one.</param>
    /// <param name="links">All links; a device names one of them.</param>
    /// <param name="templates">Register maps of known devices.</param>
    public static Kind<DeviceOptions> Kind(IReadOnlyList<IAdapterType> catalog, IReadOnlyList<LinkOptions> links, TemplateLibrary templates) =>
        new TemplatedDeviceKind(new Table<DeviceOptions>("a device", "{ id: boiler-7, link: plc, points: [] }", map => Read(map, catalog, links)), templates);

    private static DeviceOptions Read(MapReader map, IReadOnlyList<IAdapterType> catalog, IReadOnlyList<LinkOptions> links)
    {
        var id = map.Required("id", Kinds.Id, "Name of the device; a level of its topics.");
        var link = LinkOf(map, links);
        var type = catalog.FirstOrDefault(t => t.Type == link.Type);
        var template = map.Maybe(
            "template", Kinds.Id, "none",
            "Register map of a known device: templates/NAME.yaml beside this file, or one of those that are shipped (edge-gateway templates lists them). Its points are this device's; those of the same id below change them.");
        map.Maybe("only", Kinds.List(Kinds.Id, min: 1), "all of the template's points", "Ids of the template's points that are wanted; those that are changed below are, too.");
        var every = map.Optional("every", PointTable.Interval, PointOptions.DefaultEvery, "Poll interval of its points that have none of their own here; those of a template too.");
        var address = map.OneOf(null, type?.Type, [.. catalog.Select(t => new Alternative<DeviceAddress>(t.Type, t.ReadDevice))]);
        var points = map.Optional(
            "points",
            Kinds.WordOr("auto", Kinds.ListOfUnique(PointTable.Kind(catalog, type, link, id, address, every), "the point", p => p.Id, p => p.Position, min: 1)),
            [],
            "What is read and written in the device; with a template what is different or added. auto, the default of devices that speak by themselves: whatever it says.");
        var isAuto = points is null || (points.Count == 0 && template is null && type is { FindsPoints: true });
        if (points is null && type is { FindsPoints: false })
        {
            map.Wrong("points", $"a device on {link.Type} does not say by itself what it has", "list its points: [{ id: supply-temperature, register: holding 100 }], or name a template");
        }
        else if (template is null && !isAuto)
        {
            Needed(map, points!);
        }

        return new()
        {
            Id = id,
            Link = link,
            Address = address,
            Telemetry = map.Optional("telemetry", Shapes, TelemetryShape.PerPoint, "One message per reading, or one object per poll cycle."),
            Points = points ?? [],
            FindsPoints = isAuto,
            Position = map.Position,
        };
    }

    /// <summary>A device of which nothing is read is a mistake.</summary>
    private static void Needed(MapReader map, IReadOnlyList<PointOptions> points)
    {
        if (points.Count == 0)
        {
            map.Wrong("points", "\"points\" is missing", "add points: [{ id: supply-temperature, register: holding 100 }], or template: NAME");
        }

        if (map.At("only") != map.Position)
        {
            map.Wrong("only", "\"only\" without a template", "remove it, and the points that are not wanted");
        }
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
