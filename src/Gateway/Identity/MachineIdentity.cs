namespace Gateway.Identity;

/// <summary>Which machine this is, as far as a copy of its disk can tell.</summary>
internal static class MachineIdentity
{
    /// <summary>Says which machine it is where /etc/machine-id does not stay (containers), or does not differ.</summary>
    public const string Override = "EDGE_GATEWAY_MACHINE_ID";

    /// <summary>What a data folder that comes out of a backup has instead of a machine.</summary>
    public const string BackupPrefix = "backup ";

    private const string MachineId = "/etc/machine-id";

    /// <summary>A Pi's serial number: a copied card brings its /etc/machine-id along, but not this.</summary>
    private const string BoardSerial = "/proc/device-tree/serial-number";

    public static string Read() => Environment.GetEnvironmentVariable(Override) is { Length: > 0 } given ? given : Read(MachineId, BoardSerial);

    /// <param name="machineId">File with systemd's machine id.</param>
    /// <param name="boardSerial">File with the board's serial number; most machines have none that everybody may read.</param>
    public static string Read(string machineId, string boardSerial)
    {
        var id = ReadFile(machineId) is { Length: > 0 } found ? found : "unknown";
        return ReadFile(boardSerial) is { Length: > 0 } serial ? $"{id}/{serial}" : id;
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim().TrimEnd('\0') : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What this user may not read now it may not read later either: it does not count.
            return null;
        }
    }
}
