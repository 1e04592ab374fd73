using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>Where templates are looked for: the user's folder beside his configuration, then those that are shipped. Each is read once.</summary>
/// <param name="own">The user's templates, by name.</param>
/// <param name="shipped">Those of the program, by name.</param>
public sealed class TemplateLibrary(ITemplateFolder own, ITemplateFolder shipped)
{
    /// <summary>No templates at all.</summary>
    public static readonly TemplateLibrary Empty = new(new KeptTemplates([]), new KeptTemplates([]));

    private readonly Dictionary<string, DeviceTemplate?> _read = new(StringComparer.Ordinal);
    private readonly List<ConfigurationSource> _used = [];

    /// <summary>The user's files that were read, to keep them with the configuration.</summary>
    public IReadOnlyList<ConfigurationSource> Used => _used;

    /// <returns>null: there is none, or it is wrong; that was reported.</returns>
    internal DeviceTemplate? Find(string name, SourcePosition at, ProblemList problems)
    {
        if (_read.TryGetValue(name, out var known))
        {
            if (known is null)
            {
                problems.Error(at, $"the template \"{name}\" cannot be used", "correct what is told of it");
            }

            return known;
        }

        if (Source(name, problems) is not { } source)
        {
            var names = own.Names.Concat(shipped.Names).Distinct().Order(StringComparer.Ordinal).ToList();
            var nearest = NearestKey.Of(name, names);
            problems.Error(
                at, $"there is no template \"{name}\"",
                $"{(nearest is null ? "" : $"write {nearest}; ")}templates are looked for in {own.Place}, then among the shipped ones: edge-gateway templates lists both");
            return null;
        }

        var root = source.Text is null ? null : ConfigurationFiles.Parse(source.Text, source.Path, problems);
        return _read[name] = root is null ? null : TemplateTable.Read(name, root, problems);
    }

    /// <summary>What there is, in name order; a template of the user stands for the shipped one of its name.</summary>
    public IReadOnlyList<TemplateUse> List(ProblemList problems) =>
        [.. own.Names.Concat(shipped.Names).Distinct().Order(StringComparer.Ordinal).Select(n => Find(n, new(own.Place, 1, 1), problems)?.Use).OfType<TemplateUse>()];

    /// <summary>The text of a template, to be read or copied; null: there is none of that name.</summary>
    public string? Text(string name, ProblemList problems) => Source(name, problems)?.Text;

    private ConfigurationSource? Source(string name, ProblemList problems)
    {
        if (own.Read(name, problems) is { } mine)
        {
            _used.Add(mine);
            return mine;
        }

        return shipped.Read(name, problems);
    }
}

/// <summary>A place with templates.</summary>
public interface ITemplateFolder
{
    /// <summary>For people: where it is.</summary>
    string Place { get; }

    /// <summary>In name order.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>One of them; null: there is none of that name. One that cannot be read has no text, which is reported.</summary>
    ConfigurationSource? Read(string name, ProblemList problems);
}
