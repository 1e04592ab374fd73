using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>From files to a configuration that can run, or to all that stands in the way.</summary>
public static class ConfigurationLoader
{
    public const string DefaultPath = "/etc/edge-gateway/gateway.yaml";

    /// <summary>Set by systemd for StateDirectory=: the data folder, unless one is configured.</summary>
    private const string StateDirectory = "STATE_DIRECTORY";

    /// <summary>Reads <paramref name="path"/> and the <c>conf.d/*.yaml</c> beside it.</summary>
    /// <param name="path">As the user named it; so it stands in messages.</param>
    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="environment">Environment variables by name; null: those of the process.</param>
    /// <param name="withFiles">Whether to look into the files that decide who gets in, too. The gateway does so itself when it starts.</param>
    /// <returns>The configuration, null if there is an error; and all errors and warnings.</returns>
    public static (GatewayConfiguration? Configuration, ProblemList Problems) Load(
        string path, IReadOnlyList<IAdapterType> catalog, Func<string, string?>? environment = null, bool withFiles = false)
    {
        var problems = new ProblemList();
        return (Load(ConfigurationFiles.Read(path, problems), catalog, problems, environment, withFiles), problems);
    }

    /// <summary>As <see cref="Load(string, IReadOnlyList{IAdapterType}, Func{string, string?}, bool)"/>, of files that were read before.</summary>
    /// <param name="sources">The files, at least one.</param>
    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <param name="environment">Environment variables by name; null: those of the process.</param>
    /// <param name="withFiles">Whether to look into the files that decide who gets in, too.</param>
    /// <param name="templates">The user's templates, if they were read before as well; null: those in the folder beside the first file.</param>
    public static GatewayConfiguration? Load(
        IReadOnlyList<ConfigurationSource> sources, IReadOnlyList<IAdapterType> catalog, ProblemList problems, Func<string, string?>? environment = null, bool withFiles = false,
        IReadOnlyList<ConfigurationSource>? templates = null)
    {
        var tree = ConfigurationFiles.Merge(sources, problems);
        var library = Library(templates is not null ? new KeptTemplates(templates) : new TemplateFolder(sources[0].Path));
        var configuration = tree is null ? null : Read(tree, catalog, library, problems, environment, withFiles);
        if (withFiles && configuration is not null)
        {
            AccessFiles.Check(configuration, problems);
        }

        return configuration is null || problems.HasErrors ? null : configuration with { Sources = sources, Templates = library.Used };
    }

    /// <summary>As <see cref="Load(string, IReadOnlyList{IAdapterType}, Func{string, string?}, bool)"/>, of a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Stands in messages; relative paths are relative to its folder.</param>
    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="environment">Environment variables by name; null: those of the process.</param>
    public static (GatewayConfiguration? Configuration, ProblemList Problems) Parse(
        string text, string name, IReadOnlyList<IAdapterType> catalog, Func<string, string?>? environment = null)
    {
        var problems = new ProblemList();
        var tree = ConfigurationFiles.Parse(text, name, problems);
        return (tree is null ? null : Read(tree, catalog, Library(new TemplateFolder(name)), problems, environment), problems);
    }

    /// <summary>The data folder where none is configured: systemd's, or the usual one.</summary>
    internal static string StandardData(Func<string, string?>? environment = null)
    {
        // Several folders are separated by colons (systemd.exec(5)); the first is ours.
        var state = (environment ?? Environment.GetEnvironmentVariable)(StateDirectory)?.Split(':')[0];
        return string.IsNullOrEmpty(state) ? GatewayOptions.DefaultData : state;
    }

    private static TemplateLibrary Library(ITemplateFolder own) => new(own, ShippedTemplates.All);

    private static GatewayConfiguration? Read(
        MapNode tree, IReadOnlyList<IAdapterType> catalog, TemplateLibrary templates, ProblemList problems, Func<string, string?>? environment, bool withFiles = false)
    {
        ConfigurationTable.Kind(catalog, StandardData(environment), templates).TryRead(tree, problems, out var configuration);
        TopicCollisions.Check(configuration, tree, problems);
        ImportOverlaps.Check(configuration, problems);
        ClientIds.Check(configuration, problems);
        SharedPorts.Check(configuration, problems);
        Everybody.Check(configuration, problems);
        LoraNodes.Check(configuration, problems);
        BleDevices.Check(configuration, problems);
        if (!problems.HasErrors)
        {
            Loops.Check(configuration, problems);
        }

        if (problems.HasErrors)
        {
            return null;
        }

        Omissions.Check(configuration, problems);
        Downsampling.Check(configuration, problems);
        Unverified.Check(configuration, problems);
        FullLines.Check(configuration, catalog, problems);
        MissingFiles.Check(configuration, tree, problems, withFiles);
        DeviceSecrets.Check(configuration, problems);
        return configuration;
    }
}
