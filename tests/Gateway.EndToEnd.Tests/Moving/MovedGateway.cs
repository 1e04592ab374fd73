using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Moving;

/// <summary>The gateway gw-1 on one of several machines, with a data folder and a LAN of its own.</summary>
internal sealed class MovedGateway(TempFolder folder, string machine, Mosquitto upstream) : IAsyncDisposable
{
    private readonly Dictionary<string, string> _environment = new() { ["EDGE_GATEWAY_MACHINE_ID"] = machine };
    private Collector? _lan;
    private GatewayProcess? _process;

    public string Data { get; } = folder.Of($"data-{machine}");

    public int Port { get; } = Ports.Free();

    public GatewayProcess Process => _process ??= new(folder, $$"""
        gateway: { id: gw-1, data: {{Data}}, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{Port}} }] }
        bridges:
          - { id: cloud, client-id: {{machine}}, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], forward: [standard, { filter: "lan/#" }] }

        """, machine);

    public async Task StartAsync()
    {
        await Process.StartAsync(_environment);
        _lan = await Collector.StartAsync(Port, "lan-client", []);
    }

    /// <summary>Each is acknowledged.</summary>
    public async Task PublishAsync(string text, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await _lan!.PublishAsync("lan/numbers", $"{text} {i}");
        }
    }

    public async Task KillAsync()
    {
        await Process.KillAsync();
        await _lan!.DisposeAsync();
        _lan = null;
    }

    public async Task StopAsync()
    {
        Assert.Equal(0, await Process.StopAsync());
        await _lan!.DisposeAsync();
        _lan = null;
    }

    /// <summary>Its card is copied into the other machine's reader.</summary>
    public void CopyTo(MovedGateway other)
    {
        foreach (var file in Directory.GetFiles(Data, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(other.Data, Path.GetRelativePath(Data, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (_lan is not null)
        {
            await _lan.DisposeAsync();
        }
    }
}
