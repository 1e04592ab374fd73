using Gateway.Adapters.Modbus;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>Whether the places that a fault plan names are in the configuration, and can go wrong in that way.</summary>
internal static class FaultPlaces
{
    /// <returns>Link and unit that are meant.</returns>
    public static (string? Link, int? Unit) Check(MapReader map, GatewayConfiguration configuration, string? link, string? device, int? unit, IReadOnlyList<FaultWord> words)
    {
        var simulated = configuration.Devices.Where(static d => d.Link is ModbusLinkOptions).ToList();
        if (device is not null)
        {
            if (link is not null || unit is not null)
            {
                map.Wrong("device", "a device has its link and its unit", "write device alone, or link and unit");
                return (link, unit);
            }

            if (simulated.Find(d => d.Id == device) is not { } known)
            {
                map.Wrong("device", $"there is no Modbus device \"{device}\" in the configuration", Instead(device, simulated.Select(static d => d.Id)));
                return default;
            }

            (link, unit) = (known.Link.Id, ((ModbusDevice)known.Address).UnitId);
        }
        else if (link is not null && simulated.TrueForAll(d => d.Link.Id != link))
        {
            map.Wrong("link", $"there is no Modbus link \"{link}\" with devices in the configuration", Instead(link, simulated.Select(static d => d.Link.Id).Distinct()));
            return (link, unit);
        }

        var meant = simulated.Where(d => link is null || d.Link.Id == link).ToList();
        var units = meant.Select(static d => (int)((ModbusDevice)d.Address).UnitId).Distinct().Order().ToList();
        if (device is null && unit is { } only && !units.Contains(only) && units.Count > 0)
        {
            map.Wrong("unit", $"no device {(link is null ? "of the configuration" : $"on {link}")} has unit {only}", $"there are {string.Join(", ", units)}");
        }

        var links = meant.Select(static d => (ModbusLinkOptions)d.Link).DistinctBy(static l => l.Id).ToList();
        if (links.Count > 0 && words.FirstOrDefault(w => !links.Exists(w.CanHappenOn)) is { } word)
        {
            var possible = FaultWords.All.Where(w => links.Exists(w.CanHappenOn)).Select(static w => w.Word);
            map.Wrong("kinds", $"{word.Word} ({word.Meaning}) cannot happen on {(link is null ? "any link of the configuration" : $"{link}, a {links[0].Type} link")}", $"what can: {string.Join(", ", possible)}");
        }

        return (link, unit);
    }

    private static string Instead(string text, IEnumerable<string> known)
    {
        var all = known.ToList();
        return NearestKey.Of(text, all) is { } nearest ? $"write {nearest}" : all.Count == 0 ? "it has no Modbus devices" : $"there are {string.Join(", ", all)}";
    }
}
