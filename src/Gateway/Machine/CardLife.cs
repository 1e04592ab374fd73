using System.Globalization;

namespace Gateway.Machine;

/// <summary>What an eMMC tells of its own wear (JESD84-B51 §7.4: DEVICE_LIFE_TIME_EST_TYP_A and _B). SD cards tell nothing, NVMe disks not in files.</summary>
/// <param name="Device">Its name below /sys/block.</param>
/// <param name="UsedPercent">At most so much of its life is used, in steps of 10; 110: more than it was made for.</param>
internal sealed record CardLife(string Device, int UsedPercent)
{
    private const int Step = 10;
    private const int Exceeded = 11;

    /// <returns>null: the folder lies on nothing that tells.</returns>
    public static CardLife? Of(string folder, MachineFiles files)
    {
        if (DeviceOf(folder, files) is not { } device || files.Read($"/sys/block/{device}/device/life_time") is not { } text)
        {
            return null;
        }

        var estimates = text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(static t => t.StartsWith("0x", StringComparison.Ordinal) && int.TryParse(t.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return estimates.DefaultIfEmpty().Max() is > 0 and <= Exceeded and var worst ? new CardLife(device, worst * Step) : null;
    }

    public override string ToString() => UsedPercent > 100
        ? $"{Device} says of itself that its life is over"
        : string.Create(CultureInfo.InvariantCulture, $"{Device} says of itself that {UsedPercent - Step} to {UsedPercent} % of its life are used");

    /// <summary>The disk under the longest mount point above the folder (proc_pid_mountinfo(5)); a partition's disk, not the partition.</summary>
    private static string? DeviceOf(string folder, MachineFiles files)
    {
        var number = (files.Read("/proc/self/mountinfo") ?? "").Split('\n')
            .Select(static line => line.Split(' '))
            .Where(f => f.Length > 4 && (f[4] == "/" || folder == f[4] || folder.StartsWith(f[4] + "/", StringComparison.Ordinal)))
            .OrderBy(static f => f[4].Length)
            .LastOrDefault()?[2];
        var levels = number is null ? null : files.Resolve($"/sys/dev/block/{number}")?.Split('/');
        var at = levels is null ? -1 : Array.IndexOf(levels, "block");
        return at >= 0 && at + 1 < levels!.Length ? levels[at + 1] : null;
    }
}
