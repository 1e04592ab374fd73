using Gateway.Broker;

namespace Gateway;

/// <summary>What the roles are about in this configuration.</summary>
internal static class RoleFilters
{
    public static RoleTopics Of(GatewayConfiguration configuration)
    {
        var topics = configuration.Topics;
        var root = configuration.Gateway.Root;
        return new(root, [.. new[] { topics.Command, topics.Set, topics.Desired }.Select(template => Filter(template, root))]);
    }

    /// <summary>The template with a wildcard for each level that has a variable in it.</summary>
    private static string Filter(string template, string root) =>
        string.Join('/', template.Replace("{root}", root, StringComparison.Ordinal).Split('/').Select(level => level.Contains('{') ? "+" : level));
}
