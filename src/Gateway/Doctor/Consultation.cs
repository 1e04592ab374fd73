using Gateway.Core;
using Gateway.Identity;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>All examinations of one configuration, causes before what they cause: a wrong clock before the certificate that it makes invalid.</summary>
internal static class Consultation
{
    public static async Task<IReadOnlyList<Finding>> HoldAsync(GatewayConfiguration configuration, MachineFiles files, TimeProvider time, CancellationToken cancellation)
    {
        var processes = new RunningProcesses(files);
        var clock = new ClockTrust(configuration.Gateway.Clock, time);
        var adapters = new SerialAdapters(files, DeviceAccess.IsGranted).Find();
        var id = configuration.Gateway.Id ?? StoredIdentity.TryReadId(configuration.Gateway.Data) ?? "edge-gateway";
        List<IExamination> examinations =
        [
            new ClockExamination(configuration.Gateway.Clock, time, processes),
            new DiskExamination(configuration, files),
            new FileExamination(configuration),
            new AccessExamination(configuration),
            new NetworkExamination(configuration, files),
            new LinkExamination(configuration, adapters, files),
            .. configuration.Bridges.SelectMany(b => b.Servers.Select(s => new UpstreamExamination(b, s, id, () => clock.IsTrusted, time))),
            new DaemonExamination(configuration),
        ];
        var findings = new List<Finding>();
        foreach (var examination in examinations)
        {
            await foreach (var finding in examination.ExamineAsync(cancellation).ConfigureAwait(false))
            {
                findings.Add(finding);
            }
        }

        // Stable: within a severity, causes stay first.
        return [.. findings.OrderByDescending(static f => f.Severity)];
    }
}
