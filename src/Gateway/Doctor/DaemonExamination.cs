using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Broker;
using Gateway.Diagnostics;
using Gateway.Web;

namespace Gateway.Doctor;

/// <summary>What the running gateway says of itself; without one, what would keep it from starting.</summary>
internal sealed class DaemonExamination(GatewayConfiguration configuration) : IExamination
{
    private const string Part = "gateway";

    public async IAsyncEnumerable<Finding> ExamineAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var answer = await ControlSocket.TryGetAsync(configuration.Gateway.Data, ControlSocket.StatusPath, cancellation).ConfigureAwait(false);
        var report = answer is null ? null : JsonSerializer.Deserialize(answer, StatusJson.Default.StatusReport)!;
        if (report?.Gateway.Data != configuration.Gateway.Data)
        {
            foreach (var finding in Stopped())
            {
                yield return finding;
            }

            yield break;
        }

        yield return Finding.Good(Part, $"{report!.Gateway.Id} runs, version {report.Gateway.Version}, since {TimeSpan.FromSeconds(report.Gateway.UptimeSeconds)}");
        if (report.Storage.State != StatusReport.Ok)
        {
            yield return new Finding("storage", Severity.Fault, report.Storage.Text ?? report.Storage.State, "see the disk above");
        }

        foreach (var device in report.Devices.Where(static d => d.Status != "online"))
        {
            yield return new Finding($"device {device.Id}", device.Status == "offline" ? Severity.Fault : Severity.Warning, device.Reason ?? device.Status, device.Remedy);
        }

        foreach (var bridge in report.Bridges.Where(static b => b.Text is not null))
        {
            yield return new Finding($"bridge {bridge.Id}", Severity.Fault, bridge.Text!, bridge.Remedy);
        }
    }

    private IEnumerable<Finding> Stopped()
    {
        yield return new Finding(Part, Severity.Warning, $"no gateway runs on {configuration.Gateway.Data}", "systemctl start edge-gateway; journalctl -u edge-gateway says why it ended");
        foreach (var listener in configuration.Broker.Listeners.Where(static l => l.Port != 0))
        {
            if (PortHolder.Find(listener.Port) is { } holder)
            {
                yield return new Finding("broker", Severity.Fault, $"port {listener.Port} is in use by {holder}", "stop it (systemctl disable --now …), or set another port in broker.listeners");
            }
        }
    }
}
