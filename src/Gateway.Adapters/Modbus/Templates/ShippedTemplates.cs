using System.Text;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>The templates of <c>config/templates</c>, which are a part of the program: no installation can lose them, and none has those of another version.</summary>
public sealed class ShippedTemplates : ITemplateFolder
{
    public static readonly ShippedTemplates All = new();

    private const string Prefix = "templates/";
    private const string Extension = ".yaml";

    private ShippedTemplates() => Names =
    [
        .. typeof(ShippedTemplates).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Extension.Length])
            .Order(StringComparer.Ordinal),
    ];

    public string Place => "the shipped templates";

    public IReadOnlyList<string> Names { get; }

    public ConfigurationSource? Read(string name, ProblemList problems) => Text(name) is { } text ? new($"(shipped) {Prefix}{name}{Extension}", text) : null;

    /// <summary>As it is written; null: there is none.</summary>
    public string? Text(string name)
    {
        using var stream = typeof(ShippedTemplates).Assembly.GetManifestResourceStream(Prefix + name + Extension);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
