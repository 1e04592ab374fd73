using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Machine;
using Gateway.Web;

namespace Gateway.Doctor;

/// <summary>What the running gateway says of itself; without one, what would keep it from starting.</summary>
internal sealed class DaemonExamination(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, MachineFiles files, TimeProvider time) : IExamination
{
    private const string Part = "gateway";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var (answer, denied) = await ControlSocket.TryGetAsync(configuration.Gateway.Data, ControlSocket.StatusPath, cancellation).ConfigureAwait(false);
        var report = answer is null ? null : JsonSerializer.Deserialize(answer, StatusJson.Default.StatusReport)!;
        if (report is null && denied is not null)
        {
            var problem = ControlException.Denied(denied);
            yield return new Finding(Part, Severity.Warning, $"{problem.Message}: how its devices are was not looked at", problem.Remedy);
            yield break;
        }

        if (report?.Gateway.Data != configuration.Gateway.Data)
        {
            yield return new Finding(Part, Severity.Warning, $"no gateway runs on {configuration.Gateway.Data}", "systemctl start edge-gateway; journalctl -u edge-gateway says why it ended");
            foreach (var obstacle in Obstacles.Of(configuration, files))
            {
                yield return obstacle;
            }

            await foreach (var device in new DeviceExamination(configuration, catalog, time).ExamineAsync(cancellation).ConfigureAwait(false))
            {
                yield return device;
            }

            yield break;
        }

        yield return Finding.Good(Part, $"{report!.Gateway.Id} runs, version {report.Gateway.Version}, since {TimeSpan.FromSeconds(report.Gateway.UptimeSeconds)}");
        if (report.Storage.State != StatusReport.Ok)
        {
            yield return new Finding("storage", Severity.Fault, report.Storage.Text ?? report.Storage.State, "see the disk above");
        }

        foreach (var link in report.Links.Where(static l => l.Connected && l.Remedy is not null))
        {
            yield return new Finding($"link {link.Id}", Severity.Warning, link.Text, link.Remedy);
        }

        foreach (var link in report.Links.Where(l => !l.Connected && !report.Devices.Any(d => d.Link == l.Id && d.Status == "offline")))
        {
            // Devices that are offline because of it say it themselves.
            yield return new Finding($"link {link.Id}", Severity.Fault, link.Text, link.Remedy);
        }

        foreach (var link in report.Links.Where(static l => l.Connected && l.Remedy is null))
        {
            yield return Finding.Good($"link {link.Id}", link.Text);
        }

        foreach (var device in report.Devices.Where(static d => d.Status != DeviceSection.Online))
        {
            if (device.Status == DeviceSection.Awaited)
            {
                yield return new Finding($"device {device.Id}", Severity.Warning, $"{device.Address} has not been heard since the start", "wait for as long as it may be silent, or make it speak (its button, its supply off and on)");
                continue;
            }

            yield return new Finding($"device {device.Id}", device.Status == "offline" ? Severity.Fault : Severity.Warning, device.Reason ?? device.Status, device.Remedy);
        }

        foreach (var bridge in report.Bridges.Where(static b => b.Text is not null))
        {
            yield return new Finding($"bridge {bridge.Id}", Severity.Fault, bridge.Text!, bridge.Remedy);
        }
    }
}
