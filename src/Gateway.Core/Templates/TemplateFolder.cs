using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The folder <c>templates</c> beside a configuration.</summary>
/// <param name="configuration">The configuration's first file, as the user named it; positions name templates likewise.</param>
public sealed class TemplateFolder(string configuration) : ITemplateFolder
{
    public const string Name = "templates";

    private const string Extension = ".yaml";

    private readonly string _folder = Path.Combine(Path.GetDirectoryName(configuration) ?? "", Name);

    public string Place => _folder;

    public IReadOnlyList<string> Names
    {
        get
        {
            try
            {
                return Directory.Exists(_folder)
                    ? [.. Directory.EnumerateFiles(_folder, "*" + Extension).Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)]
                    : [];
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Only proposals are made of it; reading the one that is meant says what is wrong.
                return [];
            }
        }
    }

    public ConfigurationSource? Read(string name, ProblemList problems)
    {
        var path = Path.Combine(_folder, name + Extension);
        return File.Exists(path) ? ConfigurationFiles.ReadOne(path, problems) : null;
    }
}

/// <summary>Templates that were read before.</summary>
public sealed class KeptTemplates(IReadOnlyList<ConfigurationSource> files) : ITemplateFolder
{
    public string Place => TemplateFolder.Name;

    public IReadOnlyList<string> Names { get; } = [.. files.Select(f => Path.GetFileNameWithoutExtension(f.Path)).Order(StringComparer.Ordinal)];

    public ConfigurationSource? Read(string name, ProblemList problems) => files.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f.Path) == name);
}
