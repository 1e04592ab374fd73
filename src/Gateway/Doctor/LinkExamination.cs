using System.Runtime.CompilerServices;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>The lines to the devices, as far as they can be looked at without talking on them.</summary>
internal sealed class LinkExamination(GatewayConfiguration configuration, IReadOnlyList<SerialAdapter> adapters, MachineFiles files) : IExamination
{
    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var link in configuration.Links.Where(static l => l.Address.StartsWith("/dev/", StringComparison.Ordinal)))
        {
            var part = $"link {link.Id}";
            var device = files.Resolve(link.Address) ?? link.Address;
            if (adapters.FirstOrDefault(a => a.Device == device) is not { } adapter)
            {
                yield return new Finding(part, Severity.Fault, $"{link.Address} is not there", adapters.Count == 0 ? "plug the adapter in; dmesg says what the kernel made of it" : $"edge-gateway ports lists what is: {string.Join(", ", adapters.Select(static a => a.Path))}");
            }
            else if (adapter.Problem is { } problem)
            {
                yield return new Finding(part, Severity.Fault, $"{link.Address}: {problem}", adapter.Remedy);
            }
            else
            {
                yield return adapter.ById is not null && link.Address != adapter.ById
                    ? new Finding(part, Severity.Warning, $"{link.Address} may be another adapter after a restart", $"write serial-port: {adapter.ById}")
                    : Finding.Good(part, $"{link.Address} is there");
            }
        }
    }
}
