namespace Gateway.Machine;

/// <summary>A Bluetooth radio of this machine.</summary>
/// <param name="Name"><c>hci0</c>, for <c>controller</c>.</param>
/// <param name="Address">Its address, where the kernel shows it.</param>
/// <param name="Driver">The kernel's driver.</param>
/// <param name="Problem">Why it cannot be used now; null: it can.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record BluetoothController(string Name, string? Address, string? Driver, string? Problem, string? Remedy);

/// <summary>Finds the Bluetooth radios of this machine, and what stands in the way of using them.</summary>
internal sealed class BluetoothControllers(MachineFiles files)
{
    private const string Radios = "/sys/class/bluetooth";

    private readonly RunningProcesses _processes = new(files);

    public IReadOnlyList<BluetoothController> Find()
    {
        var hasDaemon = _processes.IsRunning("bluetoothd");

        // A connection of a radio stands beside it, as hci0:64.
        return [.. files.List(Radios).Where(static n => n.StartsWith("hci", StringComparison.Ordinal) && !n.Contains(':')).Select(n => Describe(n, hasDaemon))];
    }

    private BluetoothController Describe(string name, bool hasDaemon)
    {
        var (problem, remedy) = IsBlocked(name, "hard") ? ("switched off by a switch of the machine (rfkill)", "find the switch, or the firmware's setting")
            : IsBlocked(name, "soft") ? ("blocked by rfkill", "rfkill unblock bluetooth")
            : hasDaemon ? ((string?)null, (string?)null)
            : ("bluetoothd does not run", "apt install bluez; systemctl enable --now bluetooth");
        return new BluetoothController(name, files.Read($"{Radios}/{name}/address"), Path.GetFileName(files.Resolve($"{Radios}/{name}/device/driver")), problem, remedy);
    }

    private bool IsBlocked(string name, string how) =>
        files.List($"{Radios}/{name}").Where(static entry => entry.StartsWith("rfkill", StringComparison.Ordinal)).Any(entry => files.Read($"{Radios}/{name}/{entry}/{how}") == "1");
}
