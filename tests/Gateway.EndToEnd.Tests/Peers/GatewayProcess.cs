using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>The real daemon on a configuration of its own.</summary>
internal sealed class GatewayProcess(TempFolder folder, string yaml, string name = "gw") : IAsyncDisposable
{
    private readonly string _configuration = folder.Write($"{name}.yaml", yaml);

    private ChildProcess? _process;

    public static string Assembly => Path.Combine(AppContext.BaseDirectory, "edge-gateway.dll");

    public string Configuration => _configuration;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("not started");

    public async Task StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        Launch(environment);
        await Process.WaitForAsync("ready");
    }

    /// <summary>Starts it without waiting, for starts that shall fail.</summary>
    public void Launch(IReadOnlyDictionary<string, string>? environment = null) => _process = ChildProcess.Start(
        "dotnet",
        [Assembly, "run", "--config", _configuration],
        new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["RUNTIME_DIRECTORY"] = folder.Of($"{name}.run") });

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
}
