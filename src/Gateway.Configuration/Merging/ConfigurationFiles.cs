namespace Gateway.Configuration;

/// <summary>The files of one configuration: the one that is named, then <c>conf.d/*.yaml</c> beside it in name order.</summary>
public static class ConfigurationFiles
{
    public const string Folder = "conf.d";

    /// <summary>Reads and merges them. Positions name files as <paramref name="path"/> does.</summary>
    /// <param name="path">The first file.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <param name="files">All files that were read.</param>
    /// <returns>The tree; null if one of them is not YAML or cannot be read.</returns>
    public static MapNode? Read(string path, ProblemList problems, out IReadOnlyList<string> files)
    {
        var all = new List<string> { path };
        all.AddRange(Others(path, problems));
        files = all;

        MapNode? tree = null;
        var complete = true;
        foreach (var file in all)
        {
            if (YamlText.Read(file, problems) is not { } text || YamlTree.Read(text, file, problems) is not { } root)
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
