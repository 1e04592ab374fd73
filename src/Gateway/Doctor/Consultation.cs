using Gateway.Core;
using Gateway.Identity;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>All examinations of one configuration, causes before what they cause: a wrong clock before the certificate that it makes invalid.</summary>
internal static class Consultation
{
    public static async Task<IReadOnlyList<Finding>> HoldAsync(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, MachineFiles files, TimeProvider time, CancellationToken cancellation)
    {
        var processes = new RunningProcesses(files);
        var clock = new ClockTrust(configuration.Gateway.Clock, time);
        var (adapters, radios) = (new SerialAdapters(files, DeviceAccess.IsGranted).Find(), new BluetoothControllers(files).Find());
        var id = configuration.Gateway.Id ?? StoredIdentity.TryReadId(configuration.Gateway.Data) ?? "edge-gateway";
        List<IExamination> examinations =
        [
            new ClockExamination(configuration.Gateway.Clock, time, processes),
            new DiskExamination(configuration, files),
            new FileExamination(configuration),
            new StateExamination(configuration.Gateway.Data),
            new AccessExamination(configuration),
            new NetworkExamination(configuration, files),
            new LinkExamination(configuration, adapters, radios, files),
            .. configuration.Bridges.SelectMany(b => b.Servers.Select(s => new UpstreamExamination(b, s, id, () => clock.IsTrusted, time))),
            new DaemonExamination(configuration, catalog, files, time),
        ];
        var findings = new List<Finding>();
        foreach (var examination in examinations)
        {
            await foreach (var finding in examination.ExamineAsync(cancellation).ConfigureAwait(false))
            {
                findings.Add(finding);
            }
        }

        return InOrder(findings);
    }

    /// <summary>The worst first; within a severity, causes stay first. A doubt about the clock or the network counts as much as the fault that it explains.</summary>
    public static IReadOnlyList<Finding> InOrder(IReadOnlyList<Finding> findings)
    {
        var suspects = findings.Select(static f => f.DueTo).OfType<string>().ToHashSet();

        // The gateway says of its bridge what we have just found out ourselves.
        var told = findings.Where((f, at) => !findings.Take(at).Any(earlier => earlier.Part == f.Part && earlier.Severity == f.Severity && earlier.Text.EndsWith(f.Text, StringComparison.Ordinal)));
        return [.. told.Select(f => f.Severity == Severity.Warning && suspects.Contains(f.Part) ? f with { Severity = Severity.Fault } : f).OrderByDescending(static f => f.Severity)];
    }
}
