using Gateway.Core;

namespace Gateway;

/// <summary>The plan of each link of a configuration.</summary>
internal static class PollPlans
{
    /// <returns>Every link; without a plan where its protocol does not poll.</returns>
    public static IEnumerable<(LinkOptions Link, LinkPlan? Plan)> Of(GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog) =>
        configuration.Links.Select(link => (link, Of(link, configuration, catalog)));

    /// <returns>null: its protocol does not poll.</returns>
    public static LinkPlan? Of(LinkOptions link, GatewayConfiguration configuration, IReadOnlyList<IAdapterType> catalog) =>
        (catalog.FirstOrDefault(t => t.Type == link.Type) as IPlansPolls)?.Plan(link, [.. configuration.Devices.Where(d => d.Link.Id == link.Id)]);
}
