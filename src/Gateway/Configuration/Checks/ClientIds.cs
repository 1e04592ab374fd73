using Gateway.Configuration;

namespace Gateway;

/// <summary>Two bridges with one client identifier at one server would throw each other out for ever (MQTT 5.0 §3.1.4).</summary>
internal static class ClientIds
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var bridges = configuration.Bridges;
        for (var i = 0; i < bridges.Count; i++)
        {
            foreach (var other in bridges.Take(i))
            {
                var server = bridges[i].Servers.FirstOrDefault(s => other.Servers.Any(s.IsSameBroker));
                if (server is not null && IdOf(other.ClientId) == IdOf(bridges[i].ClientId))
                {
                    problems.Error(
                        bridges[i].Position,
                        $"bridges {other.Id} and {bridges[i].Id} use the same client identifier at {server}: each would throw the other out",
                        $"add client-id: {configuration.Gateway.Id ?? "gateway"}-{bridges[i].Id}");
                }
            }
        }

        string? IdOf(string? clientId) => clientId ?? configuration.Gateway.Id;
    }
}
