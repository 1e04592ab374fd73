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

    private static readonly Kind<TimeSpan> Interval = Kinds.Duration(ShortestEvery, LongestEvery);

    private static readonly Kind<ReportOptions> Report = Kinds.ScalarOrMap(
        Kinds.Choice(("always", ReportOptions.Always)),
        new Table<ReportOptions>("a map with change and at-least", "{ change: 0.5, at-least: 60s }", ReadReport));

    private static readonly Kind<WriteOptions> Write = new Table<WriteOptions>("a map with bounds", "{ min: 20, max: 80 }", ReadWrite);

    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="type">That of the device's link; null: unknown, reported.</param>
    /// <param name="device">Id of the device.</param>
    public static Kind<PointOptions> Kind(IReadOnlyList<IAdapterType> catalog, IAdapterType? type, string device) =>
        new Table<PointOptions>("a point", "{ id: supply-temperature, register: holding 100 }", map => Read(map, catalog, type, device));

    private static PointOptions Read(MapReader map, IReadOnlyList<IAdapterType> catalog, IAdapterType? type, string device)
    {
        var point = new PointOptions
        {
            Device = device,
            Id = map.Required("id", Kinds.Id, "Name of the point; a level of its topic."),
            Address = map.OneOf(null, type?.Type, [.. catalog.Select(t => new Alternative<PointAddress>(t.Type, t.ReadPoint))]),
            Scale = map.Optional("scale", Factor, 1m, "Multiplied with the raw value, exactly: 2314 × 0.1 is 231.4."),
            Offset = map.Optional("offset", Factor, 0m, "Added after scaling."),
            Unit = map.Maybe("unit", new TextKind("a unit", "\"°C\"", longest: 32), "none", "Unit of the scaled value, for people."),
            Every = map.Optional("every", Interval, PointOptions.DefaultEvery, "Poll interval."),
            Report = map.Optional("report", Report, ReportOptions.Always, "Which readings become messages: always, or when the value has moved by change, and at least so often."),
            Write = map.Maybe("write", Write, "read only", "Lets commands write it; {} without bounds."),
            Position = map.Position,
        };
        if (point.Scale == 0)
        {
            map.Wrong("scale", "a scale of 0 makes every value 0", "write what one raw unit is worth, for example 0.1");
        }

        Judge(map, type, point);
        return point;
    }

    /// <summary>What only the protocol knows: an input register that is to be written, a bool that is scaled.</summary>
    private static void Judge(MapReader map, IAdapterType? type, PointOptions point)
    {
        if (map.IsSound && type?.WhyNot(point) is { } why)
        {
            var parts = why.Split("; ", 2);
            map.Wrong(map.Position, $"point {point.Id}: {parts[0]}", parts.Length > 1 ? parts[1] : "change the point, or remove the key that does not fit it");
        }
    }

    private static ReportOptions ReadReport(MapReader map)
    {
        var change = map.Required("change", Kinds.Decimal(0, 1_000_000_000m), "The least absolute move of the scaled value that is reported.");
        var atLeast = map.Optional("at-least", Interval, ReportOptions.DefaultAtLeast, "Reported at least so often, a bad quality too.");
        return new(change, atLeast);
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
