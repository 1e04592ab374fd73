using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary>Finds the points for which a device refuses a whole read, so that one bad point does not spoil its neighbours.</summary>
/// <remarks>
/// A refused read is halved, in its own slot, until each part answers or is one point. Then the rest is planned anew around what was found.
/// Where no single point is to blame (registers between points that may not be read, a limit of the device) the parts stay as they are, whatever is planned later.
/// A found point is asked once a minute; when it answers, everything is planned anew: the device may have got a new program.
/// </remarks>
internal sealed class HoleFinder(PollSchedule schedule, TimeProvider time, ILogger log)
{
    /// <summary>One minute: a register map changes when a program is loaded, not between polls.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>Makes and schedules the blocks of a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="points">Its points.</param>
    /// <param name="due">Timestamp of the first poll of all.</param>
    /// <param name="interval">From the first poll of an interval to the second.</param>
    public void Plan(DeviceRun device, IEnumerable<PointOptions> points, long due, Func<TimeSpan, TimeSpan> interval)
    {
        var holes = device.Holes.Keys.ToHashSet<PointOptions>(ReferenceEqualityComparer.Instance);
        foreach (var read in PollPlanner.Plan(points, device.Limits, holes, device.Cuts))
        {
            var block = new PollBlock(device, read, Ticks.Of(time, read.Every));
            device.Blocks.Add(block);
            schedule.Add(block, due, due + Ticks.Of(time, interval(read.Every)));
        }
    }

    /// <summary>Whether this is a point known to be refused, that need not be asked yet.</summary>
    public static bool IsKnown(PollBlock block, long now, out string reason)
    {
        reason = "";
        if (block.Points.Length > 1 || block.Device.Holes.Count == 0
            || !block.Device.Holes.TryGetValue(block.Points[0].Options, out var hole) || now >= hole.AskAgainAt)
        {
            return false;
        }

        reason = hole.Reason;
        return true;
    }

    /// <summary>The device refused this read for its addresses.</summary>
    /// <returns>true: parts took over, and will report; false: it is one point, report it as bad.</returns>
    public bool Refused(PollBlock block, long now, string reason)
    {
        var device = block.Device;
        if (block.Points.Length == 1)
        {
            if (!device.Holes.ContainsKey(block.Points[0].Options))
            {
                log.PointRefused(device.Options.Id, block.Points[0].Options.Id, block.Read.Points[0].Address.ToString(), reason);
            }

            device.Holes[block.Points[0].Options] = new(now + Ticks.Of(time, AskAgainAfter), reason);
            Settle(block, found: true);
            return false;
        }

        var split = block.Split ?? new BlockSplit { Open = 1 };
        split.Open++;
        block.IsRetired = true;
        device.Blocks.Remove(block);
        var (left, right) = PollPlanner.Split(block.Read);
        foreach (var part in (ReadOnlySpan<PlannedRead>)[left, right])
        {
            var taker = new PollBlock(device, part, block.Every) { Split = split };
            device.Blocks.Add(taker);
            schedule.TakeOver(block, taker);
        }

        return true;
    }

    /// <summary>The device answered this read.</summary>
    public void Answered(PollBlock block)
    {
        if (block.Split is not null)
        {
            Settle(block, found: false);
        }
        else if (block.Points.Length == 1 && block.Device.Holes.Count > 0 && block.Device.Holes.Remove(block.Points[0].Options))
        {
            block.Device.Cuts.Clear();
            Replan(block);
        }
    }

    private void Settle(PollBlock block, bool found)
    {
        if (block.Split is not { } split)
        {
            return;
        }

        block.Split = null;
        split.HasFound |= found;
        split.Parts.Add(block);
        if (--split.Open > 0)
        {
            return;
        }

        if (split.HasFound)
        {
            Replan(block);
        }
        else
        {
            Remember(split.Parts);
        }
    }

    /// <summary>Every part answers, and what they are parts of did not.</summary>
    private void Remember(List<PollBlock> parts)
    {
        parts.Sort(static (a, b) => a.Read.Address - b.Read.Address);
        foreach (var part in parts.Skip(1))
        {
            part.Device.Cuts.Add(part.Points[0].Options);
        }

        log.ReadInParts(parts[0].Device.Options.Id, string.Join(", ", parts.Select(p => p.Read.Range)));
    }

    /// <summary>Plans the points of the same table and interval anew.</summary>
    private void Replan(PollBlock one)
    {
        var device = one.Device;
        var old = device.Blocks.FindAll(b => b.Read.Space == one.Read.Space && b.Every == one.Every);
        foreach (var block in old)
        {
            block.IsRetired = true;
            device.Blocks.Remove(block);
        }

        Plan(device, old.SelectMany(b => b.Read.Points), one.Deadline, static every => every);
    }
}
