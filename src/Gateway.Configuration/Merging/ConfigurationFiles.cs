namespace Gateway.Configuration;

/// <summary>The files of one configuration: the one that is named, then <c>conf.d/*.yaml</c> beside it in name order.</summary>
public static class ConfigurationFiles
{
    public const string Folder = "conf.d";

    /// <summary>Reads them.</summary>
    /// <param name="path">The first file; the others are named as it is.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <returns>All of them; those that cannot be read have no text.</returns>
    public static IReadOnlyList<ConfigurationSource> Read(string path, ProblemList problems) =>
        [.. Others(path, problems).Prepend(path).Select(file => ReadOne(file, problems))];

    /// <summary>Reads one file.</summary>
    public static ConfigurationSource ReadOne(string path, ProblemList problems) => new(path, YamlText.Read(path, problems));

    /// <summary>Merges them. Positions name files as the sources do.</summary>
    /// <returns>The tree; null if one of them is not YAML or could not be read.</returns>
    public static MapNode? Merge(IReadOnlyList<ConfigurationSource> sources, ProblemList problems)
    {
        MapNode? tree = null;
        var complete = true;
        foreach (var source in sources)
        {
            if (source.Text is not { } text || YamlTree.Read(text, source.Path, problems) is not { } root)
            {
                complete = false;
                continue;
            }

            tree = tree is null ? root : TreeMerge.Merge(tree, root, problems);
        }

        return complete ? tree : null;
    }

    /// <summary>A text instead of files, for tools and tests.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="name">Stands in positions; relative paths are relative to its folder.</param>
    /// <param name="problems">Gets every problem.</param>
    public static MapNode? Parse(string text, string name, ProblemList problems) =>
        YamlText.Check(text, name, problems) ? YamlTree.Read(text, name, problems) : null;

    private static IEnumerable<string> Others(string path, ProblemList problems)
    {
        var folder = Path.Combine(Path.GetDirectoryName(path) ?? "", Folder);
        try
        {
            if (!Directory.Exists(folder))
            {
                return [];
            }

            var names = Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList();
            foreach (var name in names.Where(n => n.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)))
            {
                problems.Warn(new(Path.Combine(folder, name), 1, 1), "this file is not read", "rename it so that it ends with .yaml");
            }

            return [.. names.Where(n => n.EndsWith(".yaml", StringComparison.Ordinal) && n[0] != '.').Select(n => Path.Combine(folder, n))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Error(new(folder, 1, 1), $"cannot be read: {e.Message}", "let the user of the gateway read it (chmod g+rx)");
            return [];
        }
    }
}

/// <summary>A file of the configuration, as it was read.</summary>
/// <param name="Path">As the user named it: positions are in it, relative paths relative to its folder.</param>
/// <param name="Text">YAML; null: it could not be read.</param>
public sealed record ConfigurationSource(string Path, string? Text);
