using System.Text.Json;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>The real daemon on a configuration of its own.</summary>
internal sealed class GatewayProcess(TempFolder folder, string yaml, string name = "gw") : IAsyncDisposable
{
    private readonly string _configuration = folder.Write($"{name}.yaml", yaml);

    private ChildProcess? _process;

    /// <summary>The published one if it is named (<c>scripts/test</c> does that), else the one that was built with the tests, which starts at half the speed.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_PROGRAM") is { Length: > 0 } published ? published : Path.Combine(AppContext.BaseDirectory, "edge-gateway");

    public string Configuration => _configuration;

    public string RuntimeFolder => folder.Of($"{name}.run");

    public ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        Launch(environment);
        await Process.WaitForAsync("ready");
    }

    /// <summary>Starts it without waiting, for starts that shall fail.</summary>
    public void Launch(IReadOnlyDictionary<string, string>? environment = null)
    {
        // As systemd does before it starts the unit.
        Directory.CreateDirectory(RuntimeFolder);
        _process = ChildProcess.Start(Program, ["run", "--config", _configuration], WithRuntimeFolder(environment));
    }

    /// <summary>What <c>edge-gateway status --json</c> prints, and its exit code.</summary>
    public async Task<(int Code, JsonElement Report)> StatusAsync()
    {
        await using var status = ChildProcess.Start(Program, ["status", "--json", "--config", _configuration], WithRuntimeFolder());
        var code = await status.WaitForExitAsync();
        using var report = JsonDocument.Parse(string.Join('\n', status.Lines));
        return (code, report.RootElement.Clone());
    }

    /// <summary>Runs another command of edge-gateway beside it, which finds it by its configuration.</summary>
    public Task<GatewayCommand> AskAsync(params string[] arguments) =>
        GatewayCommand.RunAsync(["env", $"RUNTIME_DIRECTORY={RuntimeFolder}"], [.. arguments, "--config", _configuration]);

    /// <summary>What <c>edge-gateway status</c> prints for people.</summary>
    public async Task<string> StatusTextAsync() => string.Join('\n', (await AskAsync("status")).Output);

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await Process.DisposeAsync();
        _process = null;
    }

    public async Task<int> StopAsync()
    {
        var code = await Process.TerminateAsync();
        await Process.DisposeAsync();
        _process = null;
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private Dictionary<string, string> WithRuntimeFolder(IReadOnlyDictionary<string, string>? environment = null) =>
        new(environment ?? new Dictionary<string, string>()) { ["RUNTIME_DIRECTORY"] = RuntimeFolder };
}
