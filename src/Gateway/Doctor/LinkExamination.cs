using System.Runtime.CompilerServices;
using Gateway.Adapters.Ble;
using Gateway.Core;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>The lines and radios to the devices, as far as they can be looked at without talking on them.</summary>
internal sealed class LinkExamination(GatewayConfiguration configuration, IReadOnlyList<SerialAdapter> adapters, IReadOnlyList<BluetoothController> radios, MachineFiles files) : IExamination
{
    private readonly RunningProcesses _processes = new(files);

    /// <summary>Its bus is that of the machine's controllers; another one, as simulate makes it, has its own.</summary>
    public bool HasSystemBus { get; init; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(BleOptions.BusVariable));

    /// <summary>Whether this user may read and write a device.</summary>
    public Func<string, bool> MayUse { get; init; } = DeviceAccess.IsGranted;

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var link in configuration.Links)
        {
            if (Look(link) is { } finding)
            {
                yield return finding;
            }
        }
    }

    /// <returns>null: it is neither a serial line nor a radio of this machine.</returns>
    public Finding? Look(LinkOptions link) =>
        link.DeviceNode is { } node ? Serial($"link {link.Id}", node, link.Facts)
        : link is BleOptions ble && HasSystemBus ? Radio($"link {link.Id}", ble.Controller)
        : null;

    private Finding Serial(string part, string path, string? facts)
    {
        var device = files.Resolve(path) ?? path;
        if (!files.Exists(device))
        {
            return new Finding(part, Severity.Fault, $"{path} is not there", adapters.Count == 0 ? "plug the adapter in; dmesg says what the kernel made of it" : $"edge-gateway ports lists what is: {string.Join(", ", adapters.Select(static a => a.Path))}");
        }

        var there = $"{path} is there{(facts is null ? "" : $": {facts}")}";
        if (adapters.FirstOrDefault(a => a.Device == device) is { } adapter)
        {
            return adapter.Problem is { } problem ? new Finding(part, Severity.Fault, $"{path}: {problem}", adapter.Remedy)
                : adapter.ById is not null && path != adapter.ById ? new Finding(part, Severity.Warning, $"{path} may be another adapter after a restart", $"write serial-port: {adapter.ById}")
                : Finding.Good(part, there);
        }

        // A line that the kernel does not list as hardware: a pseudo-terminal, a line over the network.
        return _processes.HolderOf(device) is { } holder && !RunningProcesses.IsGateway(holder) ? new Finding(part, Severity.Fault, $"{path}: in use by {holder}", SerialAdapters.StopHolder)
            : !MayUse(files.Of(device)) ? new Finding(part, Severity.Fault, $"{path}: no permission", $"run this as the gateway's user or as root; ls -l {path} says who may")
            : Finding.Good(part, there);
    }

    private Finding? Radio(string part, string? wanted)
    {
        var isAddress = wanted?.Contains(':') == true;
        if (isAddress && radios.Any(static r => r.Address is null))
        {
            // Newer kernels do not show addresses; bluetoothd knows them.
            return null;
        }

        var name = wanted ?? "the first controller";
        return radios.FirstOrDefault(r => wanted is null || string.Equals(isAddress ? r.Address : r.Name, wanted, StringComparison.OrdinalIgnoreCase)) is not { } radio
            ? new Finding(part, Severity.Fault, wanted is null ? "there is no Bluetooth controller" : $"{wanted} is not there", radios.Count == 0
                ? "this machine shows no Bluetooth controller: plug one in, or switch it on (on a Raspberry Pi: no dtoverlay=disable-bt in config.txt); dmesg says what the kernel made of it"
                : $"edge-gateway ports lists what is: {string.Join(", ", radios.Select(static r => r.Name))}")
            : radio.Problem is { } problem ? new Finding(part, Severity.Fault, $"{radio.Name}: {problem}", radio.Remedy)
            : Finding.Good(part, $"{(wanted is null ? $"{name}, {radio.Name}," : radio.Name)} is there, and bluetoothd runs");
    }
}
