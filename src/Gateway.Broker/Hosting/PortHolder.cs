using System.Globalization;

namespace Gateway.Broker;

/// <summary>Finds out which process listens on a TCP port, as far as this user may see it.</summary>
public static class PortHolder
{
    /// <summary>State LISTEN in /proc/net/tcp.</summary>
    private const string Listen = "0A";

    /// <summary>Whether anybody listens there, on whichever address.</summary>
    public static bool IsTaken(int port)
    {
        try
        {
            return Inodes(port).Any();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <returns><c>mosquitto (pid 812)</c>; null: nobody, or somebody else's process.</returns>
    public static string? Find(int port)
    {
        try
        {
            var inodes = Inodes(port).Select(inode => $"socket:[{inode}]").ToHashSet();
            return inodes.Count == 0 ? null : Directory.EnumerateDirectories("/proc").Select(folder => Holder(folder, inodes)).FirstOrDefault(h => h is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Inodes(int port) => Inodes("/proc/net/tcp", port).Concat(Inodes("/proc/net/tcp6", port));

    private static List<string> Inodes(string table, int port)
    {
        var suffix = ":" + port.ToString("X4", CultureInfo.InvariantCulture);
        return !File.Exists(table) ? [] :
        [
            .. File.ReadLines(table)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields.Length > 9 && fields[3] == Listen && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                .Select(fields => fields[9]),
        ];
    }

    private static string? Holder(string folder, HashSet<string> sockets)
    {
        if (!int.TryParse(Path.GetFileName(folder), out var pid))
        {
            return null;
        }

        try
        {
            var holds = Directory.EnumerateFileSystemEntries(Path.Combine(folder, "fd"))
                .Any(fd => sockets.Contains(Target(fd)));
            return holds ? $"{File.ReadAllText(Path.Combine(folder, "comm")).Trim()} (pid {pid})" : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or belongs to another user.
            return null;
        }
    }

    /// <returns>What the descriptor is; empty if it has been closed meanwhile.</returns>
    private static string Target(string descriptor)
    {
        try
        {
            return Path.GetFileName(File.ResolveLinkTarget(descriptor, returnFinalTarget: false)?.FullName ?? "");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
