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
        if (DataProblem(data, files) is { } problem)
        {
            yield return problem;
            yield break;
        }

        if (!Directory.Exists(data))
        {
            yield return new Finding(Part, Severity.Warning, $"{data} is not there yet", "the gateway makes it at its first start; under systemd StateDirectory= does");
            yield break;
        }

        var (device, folder, kind, _) = MountOf(data, files);
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

        if (ErrorsOf(device) is > 0 and var errors)
        {
            yield return new Finding(
                Part, Severity.Warning, $"the file system on {device} has met {errors} {(errors == 1 ? "error" : "errors")}",
                "dmesg says which; back the gateway up (edge-gateway backup), let fsck repair it at the next start (fsck.mode=force on the kernel's command line), and replace the disk if they come again");
        }

        foreach (var card in files.List("/sys/block").Where(static b => b.StartsWith("mmcblk", StringComparison.Ordinal)))
        {
            if (files.Read($"/sys/block/{card}/device/pre_eol_info") is { } info && info.EndsWith('2') | info.EndsWith('3'))
            {
                yield return new Finding(Part, info.EndsWith('3') ? Severity.Fault : Severity.Warning, $"{card} says of itself that its life is nearly over", "replace it while it can still be copied: edge-gateway backup");
            }
        }
    }

    /// <summary>Why a gateway could keep nothing there; null: it could, or makes the folder.</summary>
    public static Finding? DataProblem(string data, MachineFiles files)
    {
        if (File.Exists(data))
        {
            return new Finding(Part, Severity.Fault, $"{data} is a file, where the data folder should be", "move it away, or set gateway.data");
        }

        if (!Directory.Exists(data))
        {
            return null;
        }

        var (_, folder, _, options) = MountOf(data, files);
        return options.Split(',').Contains("ro")
            ? new Finding(Part, Severity.Fault, $"{folder} is mounted read-only: nothing can be kept", "the kernel does that when a card fails: dmesg says why; replace the card, or mount -o remount,rw " + folder)
            : DeviceAccess.IsGranted(data) ? null
            : new Finding(
                Part, Severity.Fault, $"{Environment.UserName} may not read and write {data}",
                $"ask as the user that runs the gateway (sudo -u edge-gateway edge-gateway …); if that is {Environment.UserName}: chown -R {Environment.UserName} {data}");
    }

    /// <summary>What ext4 has counted since it was last checked.</summary>
    private int ErrorsOf(string device) =>
        int.TryParse(files.Read($"/sys/fs/ext4/{Path.GetFileName(files.Resolve(device) ?? device)}/errors_count"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>The longest mount point above the folder, its device, its file system and its options (proc_mounts(5)); the newest, where several lie over each other.</summary>
    private static (string Device, string Folder, string Kind, string Options) MountOf(string folder, MachineFiles files) => (files.Read("/proc/mounts") ?? "").Split('\n')
        .Select(static line => line.Split(' '))
        .Where(fields => fields.Length > 3 && (fields[1] == "/" || folder == fields[1] || folder.StartsWith(fields[1] + "/", StringComparison.Ordinal)))
        .Select(static fields => (fields[0], fields[1], fields[2], fields[3]))
        .OrderBy(static mount => mount.Item2.Length)
        .LastOrDefault(("", "/", "unknown", ""));

    private static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");
}
