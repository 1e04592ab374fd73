using Gateway.Core;

namespace Gateway;

/// <summary>The plan of each link of a configuration.</summary>
internal static class PollPlans
{
    /// <returns>Every link; without a plan where its protocol does not poll.</returns>
    public static IEnumerable<(LinkOptions Link, LinkPlan? Plan)> Of(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog)
    {
        foreach (var link in configuration.Links)
        {
            var planner = catalog.FirstOrDefault(t => t.Type == link.Type) as IPlansPolls;
            yield return (link, planner?.Plan(link, [.. configuration.Devices.Where(d => d.Link.Id == link.Id)]));
        }
    }
}
