using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>A fault plan as the user wrote it.</summary>
internal static class FaultFile
{
    /// <param name="path">As the user named it; so it stands in messages.</param>
    /// <param name="configuration">Whose links and devices are meant.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <returns>null: there is one.</returns>
    public static FaultScript? Read(string path, GatewayConfiguration configuration, ProblemList problems)
    {
        if (!Path.Exists(path))
        {
            problems.Error(new(path, 1, 1), "there is no such file", "name an existing fault plan with --faults FILE, or words: edge-gateway simulate --help lists them");
            return null;
        }

        return ConfigurationFiles.ReadOne(path, problems).Text is { } text ? Parse(text, path, configuration, problems) : null;
    }

    /// <param name="text">YAML.</param>
    /// <param name="name">Stands in messages.</param>
    /// <param name="configuration">Whose links and devices are meant.</param>
    /// <param name="problems">Gets every problem.</param>
    public static FaultScript? Parse(string text, string name, GatewayConfiguration configuration, ProblemList problems) =>
        ConfigurationFiles.Parse(text, name, problems) is { } tree && FaultTable.Kind(configuration).TryRead(tree, problems, out var script) ? script : null;
}
