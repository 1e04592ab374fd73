using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.EndToEnd.Tests.Samples;

/// <summary>The files below config/, with ports that are this test's own.</summary>
internal static partial class Sample
{
    private static string Folder { get; } = Find();

    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <param name="name">Below config/.</param>
    /// <param name="ports">The sample's ports and the test's; every other port of this machine stays.</param>
    public static string WithPorts(string name, IReadOnlyDictionary<int, int> ports) => Number().Replace(
        WithListener(File.ReadAllText(PathOf(name)), name).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal),
        m => ports.TryGetValue(int.Parse(m.ValueSpan, CultureInfo.InvariantCulture), out var port) ? port.ToString(CultureInfo.InvariantCulture) : m.Value);

    /// <summary>The default's port is not written.</summary>
    private static string WithListener(string text, string name) => !name.EndsWith(".yaml", StringComparison.Ordinal) || text.Contains("\nbroker:", StringComparison.Ordinal) ? text
        : text + "broker: { listeners: [{ bind: 127.0.0.1, port: 1883 }] }\n";

    /// <summary>A number of four digits behind <c>port: </c>, <c>"port": "</c> or a host.</summary>
    [GeneratedRegex(@"(?<=port: |""port"": ""|127\.0\.0\.1:)\d{4}\b")]
    private static partial Regex Number();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gateway.sln")))
            {
                return Path.Combine(folder.FullName, "config");
            }
        }

        throw new DirectoryNotFoundException("no Gateway.sln above the tests");
    }
}
