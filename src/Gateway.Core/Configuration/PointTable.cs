using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of an entry of a device's <c>points</c>: its own, and those of the protocol.</summary>
public static class PointTable
{
    /// <summary>10 ms: faster than any bus answers twice.</summary>
    public static readonly TimeSpan ShortestEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>7 days: whoever wants it rarer wants something else.</summary>
    public static readonly TimeSpan LongestEvery = TimeSpan.FromDays(7);

    /// <summary>Within a decimal's exactness beside any 64-bit integer.</summary>
    private static readonly Kind<decimal> Factor = Kinds.Decimal(-1_000_000_000m, 1_000_000_000m);

    internal static readonly Kind<TimeSpan> Interval = Kinds.Duration(ShortestEvery, LongestEvery);

    private static readonly Kind<PointLabels> Labels = new LabelsKind();

    private static readonly Kind<PlausibleOptions> Plausible = new Table<PlausibleOptions>("a map with limits", "{ min: -40, max: 120 }", ReadPlausible);

    private static readonly Kind<WriteOptions> Write = new Table<WriteOptions>("a map with bounds", "{ min: 20, max: 80 }", ReadWrite);

    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="type">That of the device's link; null: unknown, reported.</param>
    /// <param name="link">The device's link.</param>
    /// <param name="device">Id of the device.</param>
    /// <param name="address">How the device is found; says how its registers are counted.</param>
    /// <param name="every">Poll interval of points that have none of their own.</param>
    public static Kind<PointOptions> Kind(
        IReadOnlyList<IAdapterType> catalog, IAdapterType? type, LinkOptions link, string device, DeviceAddress address, TimeSpan every) =>
        new Table<PointOptions>("a point", "{ id: supply-temperature, register: holding 100 }", map => Read(map, catalog, type, link, device, address, every));

    private static PointOptions Read(
        MapReader map, IReadOnlyList<IAdapterType> catalog, IAdapterType? type, LinkOptions link, string device, DeviceAddress address, TimeSpan every)
    {
        var point = new PointOptions
        {
            Device = device,
            Id = map.Required("id", Kinds.Id, "Name of the point; a level of its topic."),
            Address = map.OneOf(null, type?.Type, [.. catalog.Select(t => new Alternative<PointAddress>(t.Type, m => t.ReadPoint(m, address)))]),
            Scale = map.Optional("scale", Factor, 1m, "Multiplied with the raw value, exactly: 2314 × 0.1 is 231.4."),
            Offset = map.Optional("offset", Factor, 0m, "Added after scaling."),
            Precision = map.Maybe("precision", Kinds.Integer(0, 9, "1"), "as many as there are", "Decimal places that the scaled value is rounded to."),
            Plausible = map.Maybe("plausible", Plausible, "everything is believed", "Limits of what can be true; beyond them the quality is bad, with the reason."),
            Labels = map.Maybe("enum", Labels, "none", "Labels for values: the payload carries both, commands may use either."),
            AsText = map.Optional("as-text", Kinds.Boolean, false, "Write the value as a JSON string: many readers hold numbers as doubles, which round whole numbers beyond 2^53."),
            Unit = map.Maybe("unit", new TextKind("a unit", "\"°C\"", longest: 32), "none", "Unit of the scaled value, for people."),
            Every = map.Optional("every", Interval, every, "Poll interval."),
            Report = map.Optional("report", ReportTable.Kind, ReportOptions.Always, "Which readings become messages: always, on-change, or a map: when the value has moved by change, and at least so often."),
            IsUnverified = map.Optional("unverified", Kinds.Boolean, false, "In templates: it could not be compared with the maker's document, which is told when it is used."),
            Write = map.Maybe("write", Write, "read only", "Lets commands write it; {} without bounds."),
            Position = map.Position,
        };
        if (point.Scale == 0)
        {
            map.Wrong("scale", "a scale of 0 makes every value 0", "write what one raw unit is worth, for example 0.1");
        }

        Judge(map, type, link, address, point);
        return point;
    }

    /// <summary>What only the protocol knows: an input register that is to be written, a bool that is scaled.</summary>
    private static void Judge(MapReader map, IAdapterType? type, LinkOptions link, DeviceAddress address, PointOptions point)
    {
        if (map.IsSound && type?.WhyNot(point, address, link) is { } why)
        {
            var parts = why.Split("; ", 2);
            map.Wrong(map.Position, $"point {point.Id}: {parts[0]}", parts.Length > 1 ? parts[1] : "change the point, or remove the key that does not fit it");
        }
    }

    private static PlausibleOptions ReadPlausible(MapReader map)
    {
        var min = map.Maybe("min", Kinds.Decimal(), "no limit", "Least scaled value that can be true.");
        var max = map.Maybe("max", Kinds.Decimal(), "no limit", "Greatest scaled value that can be true.");
        if (min > max)
        {
            map.Wrong("min", $"min {min} is above max {max}: no value could be true", "swap them");
        }
        else if (map.IsSound && min is null && max is null)
        {
            map.Wrong(map.Position, "limits without min and max", "write { min: -40, max: 120 }, or one of them");
        }

        return new(min, max);
    }

    private static WriteOptions ReadWrite(MapReader map)
    {
        var min = map.Maybe("min", Kinds.Decimal(), "no bound", "Least scaled value that is written.");
        var max = map.Maybe("max", Kinds.Decimal(), "no bound", "Greatest scaled value that is written.");
        if (min > max)
        {
            map.Wrong("min", $"min {min} is above max {max}: nothing could be written", "swap them");
        }

        return new(min, max);
    }
}
