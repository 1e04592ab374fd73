using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Identity;

namespace Gateway;

/// <summary>The configuration with which the gateway ran last, kept in the data folder: a broken file does not keep a gateway from its work after a power cut.</summary>
/// <param name="KeptAt">When it had proved itself, UTC.</param>
/// <param name="Files">Its files.</param>
/// <param name="Templates">The user's templates that it uses; null: kept before there were any.</param>
internal sealed record LastGood(DateTimeOffset KeptAt, IReadOnlyList<ConfigurationSource> Files, IReadOnlyList<ConfigurationSource>? Templates = null)
{
    /// <summary>A gateway that has run so long with a configuration can start with it.</summary>
    public static readonly TimeSpan Probation = TimeSpan.FromMinutes(1);

    /// <summary>Its name in the data folder.</summary>
    public const string FileName = "last-good.json";

    /// <summary>Keeps the configuration, unless the same is kept already.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Keep(GatewayConfiguration configuration, DateTimeOffset now)
    {
        if (configuration.Sources.Count == 0 || TryRead(configuration.Gateway.Data) is { } before && before.Files.SequenceEqual(configuration.Sources) && (before.Templates ?? []).SequenceEqual(configuration.Templates))
        {
            return;
        }

        var kept = new LastGood(now, configuration.Sources, configuration.Templates);
        DurableFile.Replace(Path.Combine(configuration.Gateway.Data, FileName), JsonSerializer.SerializeToUtf8Bytes(kept, LastGoodJson.Default.LastGood));
    }

    /// <summary>Loads it in place of one that cannot run.</summary>
    /// <param name="broken">The files that cannot run; they may still say where the data folder is.</param>
    /// <param name="problems">What is wrong with them.</param>
    /// <param name="catalog">The protocols that are built.</param>
    /// <returns>null: none is kept, or it cannot run either.</returns>
    public static GatewayConfiguration? Load(IReadOnlyList<ConfigurationSource> broken, ProblemList problems, IReadOnlyList<IAdapterType> catalog)
    {
        foreach (var folder in DataFolders(broken))
        {
            if (TryRead(folder) is { } kept && ConfigurationLoader.Load(kept.Files, catalog, new ProblemList(), templates: kept.Templates ?? []) is { } configuration)
            {
                var errors = problems.All.Where(static p => !p.IsWarning).ToList();
                return configuration with
                {
                    InsteadOf = $"the configuration is broken ({errors[0]}{(errors.Count > 1 ? $" and {errors.Count - 1} more" : "")}): running with the last good one, of {kept.KeptAt:yyyy-MM-dd HH:mm} UTC",
                };
            }
        }

        return null;
    }

    /// <summary>Where the data folder of a configuration may be that cannot be read as a whole, the likeliest first.</summary>
    public static IEnumerable<string> DataFolders(IReadOnlyList<ConfigurationSource> broken) =>
        ((string?[])[DataIn(broken), ConfigurationLoader.StandardData()]).OfType<string>().Distinct();

    private static LastGood? TryRead(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FileName)), LastGoodJson.Default.LastGood);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // None, or half of one from a disk that fails: as if there were none.
            return null;
        }
    }

    /// <summary>gateway.data, as far as the files can be read.</summary>
    private static string? DataIn(IReadOnlyList<ConfigurationSource> sources)
    {
        foreach (var source in sources)
        {
            if (ConfigurationFiles.Merge([source], new ProblemList()) is { } root
                && root.TryGet("gateway", out var gateway) && gateway.Value is MapNode section
                && section.TryGet("data", out var data) && data.Value is ScalarNode { IsNothing: false } folder)
            {
                return Path.GetFullPath(folder.Text, Path.GetDirectoryName(Path.GetFullPath(source.Path)) ?? "/");
            }
        }

        return null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(LastGood))]
internal sealed partial class LastGoodJson : JsonSerializerContext;
