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

            if (link.LetsIn is not null && !link.KnowsNodes)
            {
                problems.Error(link.Position, $"nobody can be let in on {link.Id}: nothing there says which node sent a packet", "add frames: own or node-bytes: 1, or remove unknown");
            }
            else if (link.LetsIn is not null && nodes.TryGetValue(-1, out var all))
            {
                problems.Error(link.Position, $"nobody can be let in on {link.Id}: {all} names no node and takes everything", $"add node: to {all}, or remove unknown");
            }

            var commands = configuration.Devices.Where(d => d.Link.Id == link.Id).SelectMany(static d => d.Points).Select(static p => (p.Address as LoraPoint)?.Command);
            foreach (var fact in link.Unverified(sendsLineEnds: commands.Any(c => c is not null && (link.HasFrames || c.MayHoldLineEnd))))
            {
                problems.Warn(link.Position, $"the driver of the modem of {link.Id} is unverified in part ({fact.What}): this could not be compared with the maker's document", fact.Remedy);
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
        else if (link.NodeBytes == 1 && address.Node > byte.MaxValue)
        {
            problems.Error(device.Position, $"{device.Id} is node {address.Node}, and node-bytes: 1 counts to 255", "write node-bytes: 2 if the nodes send two bytes, or correct node");
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
