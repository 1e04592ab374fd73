using System.Net.Sockets;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Peers;

/// <summary>Debian's pymodbus as the field device.</summary>
internal sealed class PymodbusServer(params int[] units) : IAsyncDisposable
{
    private ChildProcess? _process;

    public int Port { get; } = Ports.Free();

    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            "/usr/bin/python3", ["-u", Path.Combine(AppContext.BaseDirectory, "Peers", "modbus_server.py"), $"{Port}", .. units.Select(u => $"{u}")]);
        await _process.WaitForAsync("starting");
        await WaitForPortAsync();
    }

    public Task<int[]> SetAsync(int unit, string space, int address, params int[] values) =>
        AskAsync(new { unit, space, address, values, count = values.Length, tag = Guid.NewGuid().ToString("N") });

    public Task<int[]> GetAsync(int unit, string space, int address, int count = 1) =>
        AskAsync(new { unit, space, address, count, tag = Guid.NewGuid().ToString("N") });

    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task<int[]> AskAsync<T>(T request)
    {
        var line = JsonSerializer.Serialize(request);
        using var document = JsonDocument.Parse(line);
        var tag = document.RootElement.GetProperty("tag").GetString()!;
        await _process!.WriteLineAsync(line);
        using var answer = JsonDocument.Parse(await _process.WaitForAsync(tag));
        return [.. answer.RootElement.GetProperty("values").EnumerateArray().Select(v => v.GetInt32())];
    }

    /// <summary>The server does not say when it listens: connecting is the only event there is.</summary>
    private async Task WaitForPortAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await pace.WaitForNextTickAsync(patience.Token))
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await probe.ConnectAsync("127.0.0.1", Port, patience.Token);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
    }
}
