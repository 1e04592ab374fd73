using Gateway.Configuration;

namespace Gateway;

/// <summary>Register maps that nobody could compare with the maker's document: told at every check and every start.</summary>
internal static class Unverified
{
    public static void Check(GatewayConfiguration configuration, ProblemList problems)
    {
        foreach (var device in configuration.Devices.Where(d => d.Template is not null))
        {
            var template = device.Template!;
            var points = device.Points.Where(p => p.IsUnverified).Select(p => p.Id).ToList();
            if (template.IsUnverified || points.Count > 0)
            {
                problems.Warn(
                    device.Position,
                    template.IsUnverified
                        ? $"the template {template.Name} of {device.Id} is unverified: its registers could not be compared with the maker's document"
                        : $"the template {template.Name} of {device.Id} is unverified in part ({string.Join(", ", points)}): these could not be compared with the maker's document",
                    "compare what it reads with the device's own display");
            }
        }
    }
}
