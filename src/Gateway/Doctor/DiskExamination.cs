using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>The disk of the data folder: there, writable, lasting, large enough for what the outbox may take, and not at its end.</summary>
internal sealed class DiskExamination(GatewayConfiguration configuration, MachineFiles files) : IExamination
{
    private const string Part = "disk";

    /// <summary>Below it the next log file may fill the disk.</summary>
    private const long LeastFree = 256L << 20;

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var data = configuration.Gateway.Data;
        if (!Directory.Exists(data))
        {
            yield return new Finding(Part, Severity.Warning, $"{data} is not there yet", "the gateway makes it at its first start; under systemd StateDirectory= does");
            yield break;
        }

        var (folder, kind, options) = MountOf(data);
        if (options.Split(',').Contains("ro"))
        {
            yield return new Finding(Part, Severity.Fault, $"{folder} is mounted read-only: nothing can be kept", "the kernel does that when a card fails: dmesg says why; replace the card, or mount -o remount,rw " + folder);
            yield break;
        }

        if (kind is "tmpfs" or "ramfs")
        {
            yield return new Finding(Part, Severity.Fault, $"{data} lies in memory ({kind}): a power cut takes everything with it", "set gateway.data to a folder on a disk");
        }
        else if (kind is "vfat" or "exfat" or "nfs" or "nfs4" or "cifs" or "overlay")
        {
            yield return new Finding(Part, Severity.Warning, $"{data} lies on {kind}, on which a sync promises less", "use ext4 on a disk of this machine");
        }

        var drive = new DriveInfo(data);
        var wanted = configuration.Bridges.Sum(b => Enum.GetValues<Storage.Lane>().Sum(l => b.Outbox.Of(l).Size));
        yield return drive.AvailableFreeSpace < LeastFree
            ? new Finding(Part, Severity.Fault, $"{Size(drive.AvailableFreeSpace)} free of {Size(drive.TotalSize)} on {folder}", "free some space (journalctl --vacuum-size=100M, apt clean), or make the outbox smaller")
            : wanted > drive.TotalSize
                ? new Finding(Part, Severity.Warning, $"the outbox may take {Size(wanted)}, and {folder} has {Size(drive.TotalSize)}", "make outbox.size smaller: a full disk drops before the limit does")
                : Finding.Good(Part, $"{Size(drive.AvailableFreeSpace)} free of {Size(drive.TotalSize)} on {folder} ({kind})");

        foreach (var card in files.List("/sys/block").Where(static b => b.StartsWith("mmcblk", StringComparison.Ordinal)))
        {
            if (files.Read($"/sys/block/{card}/device/pre_eol_info") is { } info && info.EndsWith('2') | info.EndsWith('3'))
            {
                yield return new Finding(Part, info.EndsWith('3') ? Severity.Fault : Severity.Warning, $"{card} says of itself that its life is nearly over", "replace it while it can still be copied: edge-gateway backup");
            }
        }
    }

    /// <summary>The longest mount point above the folder, its file system and its options (proc_mounts(5)).</summary>
    private (string Folder, string Kind, string Options) MountOf(string folder) => (files.Read("/proc/mounts") ?? "").Split('\n')
        .Select(static line => line.Split(' '))
        .Where(fields => fields.Length > 3 && (fields[1] == "/" || folder == fields[1] || folder.StartsWith(fields[1] + "/", StringComparison.Ordinal)))
        .Select(static fields => (fields[1], fields[2], fields[3]))
        .OrderBy(static mount => mount.Item1.Length)
        .LastOrDefault(("/", "unknown", ""));

    private static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
