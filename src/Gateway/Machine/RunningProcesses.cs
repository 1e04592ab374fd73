namespace Gateway.Machine;

/// <summary>Who runs here, and who holds a device open, as far as this user may see.</summary>
internal sealed class RunningProcesses(MachineFiles files)
{
    private const string Processes = "/proc";
    private const string Gateway = "edge-gateway";

    /// <returns><c>mbpoll (pid 812)</c>; null: nobody, or somebody else's process.</returns>
    public string? HolderOf(string device) => All()
        .Where(pid => files.List($"{Processes}/{pid}/fd").Any(fd => files.Resolve($"{Processes}/{pid}/fd/{fd}") == device))
        .Select(pid => $"{NameOf(pid)} (pid {pid})")
        .FirstOrDefault();

    /// <summary>Whether who holds a device is a gateway.</summary>
    /// <param name="holder">As <see cref="HolderOf"/> names it.</param>
    public static bool IsGateway(string holder) => holder.StartsWith($"{Gateway} ", StringComparison.Ordinal);

    public bool IsRunning(string name) => All().Any(pid => NameOf(pid) == name);

    private IEnumerable<string> All() => files.List(Processes).Where(static name => name.All(char.IsAsciiDigit));

    /// <summary>The portable build runs in a process of dotnet's name.</summary>
    private string? NameOf(string pid) => files.Read($"{Processes}/{pid}/comm") is not "dotnet" and var name ? name
        : files.Read($"{Processes}/{pid}/cmdline")?.Split('\0').Any(static a => Path.GetFileName(a) == $"{Gateway}.dll") == true ? Gateway
        : "dotnet";
}
