using Gateway.Broker;
using Gateway.Machine;

namespace Gateway.Doctor;

/// <summary>What would keep a gateway from starting on this configuration, as far as this user can see it without opening anything.</summary>
internal static class Obstacles
{
    public static IEnumerable<Finding> Of(GatewayConfiguration configuration, MachineFiles files)
    {
        if (DiskExamination.DataProblem(configuration.Gateway.Data, files) is { } data)
        {
            yield return data;
        }

        foreach (var port in configuration.Broker.Listeners.Select(static l => l.Port).Where(static p => p != 0 && PortHolder.IsTaken(p)).Distinct())
        {
            yield return new Finding("broker", Severity.Fault, $"port {port} is in use by {HolderOf(port)}", "stop it (systemctl disable --now …), or set another port in broker.listeners");
        }

        if (configuration.Http is { Enabled: true, IsDefault: false, Port: > 0 and var web } && PortHolder.IsTaken(web))
        {
            yield return new Finding("http", Severity.Fault, $"port {web} is in use by {HolderOf(web)}", "stop it, or set another http.port");
        }
    }

    private static string HolderOf(int port) => PortHolder.Find(port) ?? "a process of another user (sudo ss -tlnp names it)";
}
