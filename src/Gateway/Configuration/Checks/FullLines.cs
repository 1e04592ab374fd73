using System.Globalization;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>Serial lines whose wire cannot carry what is asked of it, however fast the devices are. Nearly full ones are told by <c>check --plan</c>.</summary>
internal static class FullLines
{
    public static void Check(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog, ProblemList problems)
    {
        foreach (var link in configuration.Links.Where(l => l.DeviceNode is not null))
        {
            if (PollPlans.Of(link, configuration, catalog)?.Load is { Wire: > 1 } load)
            {
                problems.Warn(
                    link.Position,
                    string.Create(CultureInfo.InvariantCulture, $"what is asked on {link.Id} takes {load.Wire:P0} of the line's time: about {1 - (1 / load.Wire):P0} of the polls will be left out"),
                    load.Remedy);
            }
        }
    }
}
