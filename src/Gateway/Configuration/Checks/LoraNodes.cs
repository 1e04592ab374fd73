using Gateway.Adapters.Lora;
using Gateway.Configuration;

namespace Gateway;

/// <summary>Nodes of LoRa links that could never be heard as they are configured, and what nobody could compare with a manual or with the rules.</summary>
internal static class LoraNodes
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        foreach (var link in configuration.Links.OfType<LoraOptions>())
        {
            var nodes = new Dictionary<int, string>();
            foreach (var device in configuration.Devices.Where(d => d.Link.Id == link.Id && d.Address is LoraDevice))
            {
                Check(device, (LoraDevice)device.Address, link, nodes, problems);
            }

            if (link.CounterFile is { } file)
            {
                problems.Warn(
                    link.Position, $"counter-file of {link.Id} is not used any more: counters are kept in the data folder, and what is in {file} is not taken over, so each node with a key is believed once, as if it were new",
                    "remove counter-file, and the file");
            }

            if (link.HasWatchdog && link.Modem is ModemMake.LoraE5 or ModemMake.Rn2483 or ModemMake.Rn2903)
            {
                problems.Warn(
                    link.Position, $"what the modem of {link.Id} answers while it receives is unverified: its manual does not say whether it may be asked then, as the watchdog does after a minute of silence",
                    "if the log tells of a modem that is set up again and again, write watchdog: false; without it a reset that nobody sees is not noticed");
            }

            if (!link.OverridesRegion && link.Region.BandOf(link.Modulation) is { IsVerified: false } band)
            {
                problems.Warn(
                    link.Position, $"what {link.Region.Name} allows on {band} could not be compared with {link.Region.Document}: {band.MaxPower} dBm, {(band.DutyCycle < 1 ? $"{band.DutyCycle:0.##%} of an hour" : "no duty cycle")}",
                    "compare it with the rules of your country");
            }
        }
    }

    private static void Check(Core.DeviceOptions device, LoraDevice address, LoraOptions link, Dictionary<int, string> nodes, ProblemList problems)
    {
        if (address.Node is null && link.KnowsNodes && (link.HasFrames || nodes.Count > 0))
        {
            problems.Error(device.Position, $"{device.Id} names no node, and packets on {link.Id} say which node sent them", "add node: and its number");
        }
        else if (address.Node is not null && !link.KnowsNodes)
        {
            problems.Error(device.Position, $"{device.Id} is node {address.Node}, and nothing on {link.Id} says which node sent a packet", "add frames: own or node-bytes: 1 to the link, or remove node");
        }
        else if (address.Node is 0 or 65535 && link.HasFrames)
        {
            problems.Error(device.Position, $"{device.Id} is node {address.Node}, which nobody is", "write a node from 1 to 65534");
        }
        else if (!nodes.TryAdd(address.Node ?? -1, device.Id))
        {
            problems.Error(device.Position, $"{device.Id} and {nodes[address.Node ?? -1]} are both {address}", "give each its own node");
        }

        if (address.Key is not null && !link.HasFrames)
        {
            problems.Error(device.Position, $"{device.Id} has a key, and only own frames are encrypted", "add frames: own to the link, or remove key");
        }
    }
}
