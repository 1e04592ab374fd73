namespace Gateway.Machine;

/// <summary>Who runs here, and who holds a device open, as far as this user may see.</summary>
internal sealed class RunningProcesses(MachineFiles files)
{
    private const string Processes = "/proc";

    /// <returns><c>mbpoll (pid 812)</c>; null: nobody, or somebody else's process.</returns>
    public string? HolderOf(string device) => All()
        .Where(pid => files.List($"{Processes}/{pid}/fd").Any(fd => files.Resolve($"{Processes}/{pid}/fd/{fd}") == device))
        .Select(pid => $"{NameOf(pid)} (pid {pid})")
        .FirstOrDefault();

    public bool IsRunning(string name) => All().Any(pid => NameOf(pid) == name);

    private IEnumerable<string> All() => files.List(Processes).Where(static name => name.All(char.IsAsciiDigit));

    private string? NameOf(string pid) => files.Read($"{Processes}/{pid}/comm");
}
