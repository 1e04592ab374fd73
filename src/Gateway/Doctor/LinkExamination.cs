using System.Runtime.CompilerServices;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>The lines and radios to the devices, as far as they can be looked at without talking on them.</summary>
internal sealed class LinkExamination(GatewayConfiguration configuration, IReadOnlyList<SerialAdapter> adapters, IReadOnlyList<BluetoothController> radios, MachineFiles files) : IExamination
{
    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var link in configuration.Links)
        {
            if (Look(link.Id, link.Address) is { } finding)
            {
                yield return finding;
            }
        }
    }

    /// <returns>null: it is neither a serial line nor a radio of this machine.</returns>
    public Finding? Look(string id, string address) =>
        address.StartsWith("/dev/", StringComparison.Ordinal) ? Serial($"link {id}", address)
        : address.StartsWith("hci", StringComparison.Ordinal) ? Radio($"link {id}", address)
        : null;

    private Finding Serial(string part, string address)
    {
        var device = files.Resolve(address) ?? address;
        if (adapters.FirstOrDefault(a => a.Device == device) is not { } adapter)
        {
            return new Finding(part, Severity.Fault, $"{address} is not there", adapters.Count == 0 ? "plug the adapter in; dmesg says what the kernel made of it" : $"edge-gateway ports lists what is: {string.Join(", ", adapters.Select(static a => a.Path))}");
        }

        return adapter.Problem is { } problem ? new Finding(part, Severity.Fault, $"{address}: {problem}", adapter.Remedy)
            : adapter.ById is not null && address != adapter.ById ? new Finding(part, Severity.Warning, $"{address} may be another adapter after a restart", $"write serial-port: {adapter.ById}")
            : Finding.Good(part, $"{address} is there");
    }

    private Finding Radio(string part, string address) =>
        radios.FirstOrDefault(r => r.Name == address) is not { } radio
            ? new Finding(part, Severity.Fault, $"{address} is not there", radios.Count == 0
                ? "this machine shows no Bluetooth controller: plug one in, or switch it on (on a Raspberry Pi: no dtoverlay=disable-bt in config.txt); dmesg says what the kernel made of it"
                : $"edge-gateway ports lists what is: {string.Join(", ", radios.Select(static r => r.Name))}")
        : radio.Problem is { } problem ? new Finding(part, Severity.Fault, $"{address}: {problem}", radio.Remedy)
        : Finding.Good(part, $"{address} is there, and bluetoothd runs");
}
