using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>What may stand behind a point's <c>report</c>.</summary>
public static class ReportTable
{
    public static readonly Kind<ReportOptions> Kind = Kinds.ScalarOrMap(
        Kinds.Choice(("always", ReportOptions.Always), ("on-change", ReportOptions.OnChange)),
        new Table<ReportOptions>("a map with change and at-least", "{ change: 0.5, at-least: 60s }", Read));

    private static ReportOptions Read(MapReader map)
    {
        var isOnChange = map.TryOptional(
            "change", new DeadbandKind(), "only every at-least",
            "The least move since the last report: 0.5 of the scaled value, 5% of the value that was reported last, 0 for every difference.", out var change);
        var hasInterval = map.TryOptional(
            "at-least", PointTable.Interval, "60s", "Reported at least so often, a bad quality too: who hears nothing for longer knows that something is wrong.", out var atLeast);
        if (map.IsSound && !isOnChange && !hasInterval)
        {
            map.Wrong(map.Position, "a report without change and at-least", "write always, on-change, or { change: 0.5, at-least: 60s }");
        }

        return new(isOnChange ? ReportWhen.Changed : ReportWhen.AtLeast, change, hasInterval ? atLeast : ReportOptions.DefaultAtLeast);
    }
}
