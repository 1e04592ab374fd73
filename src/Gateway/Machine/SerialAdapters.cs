namespace Gateway.Machine;

/// <summary>Finds the serial lines of this machine, and what stands in the way of using them.</summary>
internal sealed class SerialAdapters(MachineFiles files, Func<string, bool> mayUse)
{
    private const string Terminals = "/sys/class/tty";
    private const string Stable = "/dev/serial/by-id";

    /// <summary>The kernel's word for a UART that is not there (PORT_UNKNOWN).</summary>
    private const string NoUart = "0";

    /// <summary>What to do about somebody who has a line open.</summary>
    public const string StopHolder = "stop it: two programs on one line spoil each other's answers";

    private readonly RunningProcesses _processes = new(files);

    public IReadOnlyList<SerialAdapter> Find()
    {
        var byId = files.List(Stable)
            .Select(name => (Path: $"{Stable}/{name}", Device: files.Resolve($"{Stable}/{name}")))
            .Where(static link => link.Device is not null)
            .ToLookup(static link => link.Device!, static link => link.Path);
        var managed = _processes.IsRunning("ModemManager");
        return
        [
            .. files.List(Terminals)
                .Where(name => files.Exists($"{Terminals}/{name}/device/driver") && files.Read($"{Terminals}/{name}/type") != NoUart)
                .Select(name => Describe(name, byId[$"/dev/{name}"].FirstOrDefault(), managed)),
        ];
    }

    private SerialAdapter Describe(string name, string? byId, bool managed)
    {
        var device = $"/dev/{name}";
        var holder = _processes.HolderOf(device);
        var (problem, remedy) = Trouble(name, device, byId is not null, holder, managed);
        return new SerialAdapter(device, byId, Driver(name), Product(name), holder, problem, remedy);
    }

    private (string? Problem, string? Remedy) Trouble(string name, string device, bool isUsb, string? holder, bool managed)
    {
        if (IsConsole(name))
        {
            return ("Linux uses it as its console",
                $"systemctl disable --now serial-getty@{name}, and take console={name} (or serial0) out of the kernel's command line (on a Raspberry Pi: raspi-config, Interface Options, Serial Port)");
        }

        if (holder is not null)
        {
            return RunningProcesses.IsGateway(holder) ? (null, null) : ($"in use by {holder}", StopHolder);
        }

        if (!mayUse(device))
        {
            var group = Group();
            return ("no permission", $"usermod -aG {group} {Environment.UserName} and log in again; for the service: SupplementaryGroups={group} (the shipped unit has it)");
        }

        return managed && isUsb
            ? ("ModemManager runs and probes every new adapter", "systemctl disable --now ModemManager, or tell it to leave this one alone (udev: ENV{ID_MM_DEVICE_IGNORE}=\"1\")")
            : (null, null);
    }

    /// <summary>/proc/consoles lists those in use, the command line those that a getty will follow.</summary>
    private bool IsConsole(string name) =>
        (files.Read("/proc/consoles") ?? "").Split('\n').Any(line => line.Split(' ')[0] == name)
        || (files.Read("/proc/cmdline") ?? "").Split(' ').Any(word => word == $"console={name}" || word.StartsWith($"console={name},", StringComparison.Ordinal));

    /// <summary>Debian's group of serial lines, or Arch's.</summary>
    private string Group() => (files.Read("/etc/group") ?? "").Split('\n').Any(static line => line.StartsWith("dialout:", StringComparison.Ordinal)) ? "dialout" : "uucp";

    /// <summary>Newer kernels put a bus of their own (serial-base, with its "port" and "ctrl") between the line and the hardware's driver.</summary>
    private string? Driver(string name) => Above(name)
        .Select(folder => Path.GetFileName(files.Resolve($"{folder}/driver")))
        .FirstOrDefault(static driver => driver is not (null or "" or "port" or "ctrl"));

    /// <summary>A USB adapter's own words stand in one of the folders above the line's device.</summary>
    private string? Product(string name)
    {
        if (Above(name).FirstOrDefault(folder => files.Exists($"{folder}/idVendor")) is not { } usb)
        {
            return null;
        }

        var words = $"{files.Read($"{usb}/manufacturer")} {files.Read($"{usb}/product")}".Trim();
        return $"{(words.Length == 0 ? "USB" : words)} ({files.Read($"{usb}/idVendor")}:{files.Read($"{usb}/idProduct")})";
    }

    /// <summary>The folder of the line's device and those above it, up to the root of all devices.</summary>
    private IEnumerable<string> Above(string name)
    {
        for (var folder = files.Resolve($"{Terminals}/{name}/device") ?? $"{Terminals}/{name}/device"; folder is not (null or "/" or "/sys" or "/sys/class"); folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
