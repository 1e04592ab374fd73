using Gateway.Adapters.Ble;
using Gateway.Configuration;

namespace Gateway;

/// <summary>Two Bluetooth devices that are one, and two links that would quarrel about one controller.</summary>
internal static class BleDevices
{
    /// <summary>No name of a controller.</summary>
    private const string First = "first";

    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        var controllers = new Dictionary<string, BleOptions>(StringComparer.Ordinal);
        foreach (var link in configuration.Links.OfType<BleOptions>())
        {
            var known = new Dictionary<BleAddress, string>();
            foreach (var device in configuration.Devices.Where(d => d.Link.Id == link.Id))
            {
                if (device.Address is BleDevice { Address: { } address } && !known.TryAdd(address, device.Id))
                {
                    problems.Error(device.Position, $"{device.Id} and {known[address]} both have the address {address}", "remove one of them, or correct its address");
                }
            }

            // "" is what stands in for a controller that was written wrongly.
            if (link.Controller != "" && !controllers.TryAdd(link.Controller ?? First, link))
            {
                problems.Error(
                    link.Position, $"the links {controllers[link.Controller ?? First].Id} and {link.Id} both listen with {link.Address}",
                    "put the devices of both on one of them, or name another controller, as edge-gateway ports lists them");
            }
        }

        if (controllers.Count > 1 && controllers.TryGetValue(First, out var first))
        {
            problems.Warn(
                first.Position, $"{first.Id} listens with the first controller that is there, which may be that of {string.Join(", ", controllers.Values.Where(l => l != first).Select(static l => l.Id))}",
                "name a controller: for each link");
        }
    }
}
