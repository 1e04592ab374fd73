using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>Debian's Mosquitto as the broker upstream. It keeps what it has when it is stopped orderly.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly string _configuration;
    private ChildProcess? _process;

    public Mosquitto(TempFolder folder, string name = "upstream", params string[] lines)
    {
        _folder = folder;
        Directory.CreateDirectory(folder.Of(name));
        _configuration = folder.Write($"{name}.conf", string.Join('\n', (string[])
        [
            $"listener {Port} 127.0.0.1",
            "user root",
            "persistence true",
            $"persistence_location {folder.Of(name)}/",
            "max_queued_messages 0",
            "log_type all",
            .. lines.Contains("allow_anonymous false") ? Array.Empty<string>() : ["allow_anonymous true"],
            .. lines,
            "",
        ]));
    }

    public int Port { get; } = Ports.Free();

    public async Task StartAsync()
    {
        _process = ChildProcess.Start("/usr/sbin/mosquitto", ["-c", _configuration], folder: _folder.Path);
        await _process.WaitForAsync("running");
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            await process.TerminateAsync();
            await process.DisposeAsync();
            _process = null;
        }
    }

    /// <summary>The first line of its log with this part, since it was started last.</summary>
    public Task<string> WaitForAsync(string part) => _process!.WaitForAsync(part);

    public IReadOnlyList<string> Log => _process?.Lines ?? [];

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
