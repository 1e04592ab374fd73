using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>A command of edge-gateway on a terminal of its own, which can be looked at, resized and typed into.</summary>
internal sealed partial class Terminal : IAsyncDisposable
{
    public const string OwnScreen = "\e[?1049h", OldScreen = "\e[?1049l", ShownCursor = "\e[?25h";

    private readonly ChildProcess _process;

    private Terminal(ChildProcess process) => _process = process;

    /// <summary>Everything that was written, escapes and all.</summary>
    public string Raw => Written(_process.Lines);

    public static Terminal Start(int rows, int columns, IReadOnlyDictionary<string, string> environment, params string[] arguments) => new(ChildProcess.Start(
        "/usr/bin/python3",
        ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", "terminal.py"), $"{rows}", $"{columns}", GatewayProcess.Program, .. arguments],
        new Dictionary<string, string>(environment) { ["TERM"] = "xterm" }));

    public Task ResizeAsync(int rows, int columns) => _process.WriteLineAsync(JsonSerializer.Serialize(new { size = new[] { rows, columns } }));

    public Task TypeAsync(string text) => _process.WriteLineAsync(JsonSerializer.Serialize(new { type = text }));

    /// <summary>Waits for a picture, and gives its lines without colours.</summary>
    public async Task<string[]> WaitForPictureAsync(Func<string[], bool> wanted)
    {
        string[]? found = null;
        await _process.WaitForAsync(_ => (found = Pictures(Raw).LastOrDefault(wanted)) is not null);
        return found!;
    }

    public Task WaitForRawAsync(string part) => _process.WaitForAsync(_ => Raw.Contains(part, StringComparison.Ordinal));

    /// <summary>The exit code, and whether the terminal echoes what one types, as before.</summary>
    public async Task<(int Code, bool Echoes)> WaitForEndAsync()
    {
        using var end = JsonDocument.Parse(await _process.WaitForAsync("\"code\""));
        return (end.RootElement.GetProperty("code").GetInt32(), end.RootElement.GetProperty("echo").GetBoolean());
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Written(IReadOnlyList<string> lines) => string.Concat(lines.Where(l => l.StartsWith("{\"seen\"", StringComparison.Ordinal)).Select(l =>
    {
        using var document = JsonDocument.Parse(l);
        return document.RootElement.GetProperty("seen").GetString();
    }));

    private static IEnumerable<string[]> Pictures(string raw) => raw.Split("\e[?2026h").Skip(1).Where(p => p.Contains("\e[?2026l", StringComparison.Ordinal))
        .Select(p => Escape().Replace(p[..p.IndexOf("\e[?2026l", StringComparison.Ordinal)], "").Split("\r\n"));

    [GeneratedRegex(@"\e\[[?0-9;]*[A-Za-z]")]
    private static partial Regex Escape();
}
