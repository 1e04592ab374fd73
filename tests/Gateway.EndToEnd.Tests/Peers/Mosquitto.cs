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
            .. lines.Any(l => l.StartsWith("persistence_location ", StringComparison.Ordinal)) ? Array.Empty<string>() : [$"persistence_location {folder.Of(name)}/"],
            "max_queued_messages 0",
            .. lines.Any(l => l.StartsWith("log_type ", StringComparison.Ordinal)) ? Array.Empty<string>() : ["log_type all"],
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

    /// <summary>It holds still: connections stay, nothing is answered (SIGSTOP), until <see cref="ContinueAsync"/>.</summary>
    public Task StallAsync() => SignalAsync("STOP");

    public Task ContinueAsync() => SignalAsync("CONT");

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
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

    public IReadOnlyList<string> Log => _process?.Lines ?? [];

    /// <summary>The first line of its log, past or future, that contains the text, since it was started last.</summary>
    public Task<string> WaitForAsync(string part) => (_process ?? throw new InvalidOperationException("not started")).WaitForAsync(part);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task SignalAsync(string signal)
    {
        var (code, output) = await ChildProcess.RunAsync("kill", $"-{signal}", $"{_process!.Id}");
        Assert.True(code == 0, output);
    }
}
