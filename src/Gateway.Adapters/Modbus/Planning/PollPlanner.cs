using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Turns the points of one device into few reads: same table, same interval, near each other. Pure and deterministic.</summary>
public static class PollPlanner
{
    /// <param name="points">Points of one device.</param>
    /// <param name="limits">Size of a read.</param>
    /// <param name="holes">Points that the device refused on their own: each is read alone, and nothing is read across it.</param>
    /// <param name="cuts">Points before which it refused to read on: each begins a read.</param>
    public static IReadOnlyList<PlannedRead> Plan(
        IEnumerable<PointOptions> points, PlanLimits limits, IReadOnlySet<PointOptions>? holes = null, IReadOnlySet<PointOptions>? cuts = null)
    {
        var plan = new List<PlannedRead>();
        var ordered = points
            .OrderBy(p => p.Every).ThenBy(p => At(p).Space).ThenBy(p => At(p).Address).ThenBy(p => At(p).Width).ThenBy(p => p.Id, StringComparer.Ordinal);
        var run = new List<PointOptions>();
        var end = 0;
        foreach (var point in ordered)
        {
            if (holes?.Contains(point) == true)
            {
                plan.Add(PlannedRead.Over([point]));
                continue;
            }

            if (run.Count > 0 && (cuts?.Contains(point) == true || !Joins(run[0], end, point, limits, holes)))
            {
                plan.Add(PlannedRead.Over([.. run]));
                run.Clear();
            }

            end = run.Count == 0 ? At(point).End : Math.Max(end, At(point).End);
            run.Add(point);
        }

        if (run.Count > 0)
        {
            plan.Add(PlannedRead.Over([.. run]));
        }

        return plan;
    }

    /// <summary>Cuts a read that the device refused in two: at its widest gap, where a hole is likeliest, or in the middle.</summary>
    public static (PlannedRead Left, PlannedRead Right) Split(PlannedRead read)
    {
        var cut = read.Points.Count / 2;
        var widest = 0;
        var end = At(read.Points[0]).End;
        for (var i = 1; i < read.Points.Count; i++)
        {
            var gap = At(read.Points[i]).Address - end;
            if (gap > widest)
            {
                (widest, cut) = (gap, i);
            }

            end = Math.Max(end, At(read.Points[i]).End);
        }

        return (PlannedRead.Over([.. read.Points.Take(cut)]), PlannedRead.Over([.. read.Points.Skip(cut)]));
    }

    private static bool Joins(PointOptions first, int end, PointOptions point, PlanLimits limits, IReadOnlySet<PointOptions>? holes)
    {
        var (from, to) = (At(first), At(point));
        return first.Every == point.Every
            && from.Space == to.Space
            && (!limits.OneRequestPerPoint || (from.Address == to.Address && from.Width == to.Width))
            && to.Address - end <= limits.Gap(to.Space)
            && Math.Max(end, to.End) - from.Address <= limits.Size(to.Space)
            && (holes is null || !Touches(holes, to.Space, from.Address, Math.Max(end, to.End)));
    }

    private static bool Touches(IReadOnlySet<PointOptions> holes, RegisterSpace space, int from, int to)
    {
        foreach (var hole in holes)
        {
            var at = At(hole);
            if (at.Space == space && at.Address < to && at.End > from)
            {
                return true;
            }
        }

        return false;
    }

    private static ModbusPoint At(PointOptions point) => (ModbusPoint)point.Address;
}
