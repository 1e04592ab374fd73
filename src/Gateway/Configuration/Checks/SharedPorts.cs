using Gateway.Adapters.Serial;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>Two links on one serial port: the second would never open it. Names that lead to the same port are found as far as they are there now.</summary>
internal static class SharedPorts
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var first = new Dictionary<string, LinkOptions>(StringComparer.Ordinal);
        foreach (var link in configuration.Links)
        {
            if (link.DeviceNode is not { Length: > 0 } path)
            {
                continue;
            }

            var port = SerialPath.Real(path);
            if (first.TryAdd(port, link))
            {
                continue;
            }

            var other = first[port];
            var which = path == other.DeviceNode ? path : $"{path}, which is {other.DeviceNode} ({port})";
            problems.Error(
                link.Position, $"the links {other.Id} ({other.Position}) and {link.Id} open the same serial port {which}",
                $"{(link.Type == other.Type ? "put the devices of both on one of them: a link takes any number of devices; or name" : "a line has one protocol: name")} another port, as edge-gateway ports lists them");
        }
    }
}
