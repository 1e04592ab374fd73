using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Outbox;

/// <summary>A gateway with two bridges whose upstreams are away, and its outbox commands.</summary>
internal sealed class OutboxSite : IAsyncDisposable
{
    /// <summary>Bound and not listened on: whoever connects is refused, and nobody else gets the port.</summary>
    private readonly Socket _nowhere = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private GatewayProcess? _gateway;

    public OutboxSite() => _nowhere.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public TempFolder Folder { get; } = new();

    public Mosquitto? Upstream { get; init; }

    public string Data => Folder.Of("data");

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("not started");

    /// <summary>Writes the configuration anew and starts on it.</summary>
    /// <param name="bridges">Ids; <c>cloud</c> goes to <see cref="Upstream"/>, if there is one.</param>
    public async Task StartAsync(params string[] bridges)
    {
        Configure(bridges);
        await Gateway.StartAsync();
    }

    public void Configure(params string[] bridges) => _gateway = new GatewayProcess(Folder, $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: 0 }] }
        http: { enabled: false }
        bridges:
        {{string.Concat(bridges.Select(b => $"  - {{ id: {b}, client-id: gw-1-{b}, servers: [\"mqtt://127.0.0.1:{(b == "cloud" && Upstream is not null ? Upstream.Port : ((IPEndPoint)_nowhere.LocalEndPoint!).Port)}\"], forward: [{{ filter: \"lan/#\" }}] }}\n"))}}
        """);

    /// <summary>Publishes at QoS 1 and waits for the acknowledgements: they are on the disk.</summary>
    public async Task PublishAsync(int count, int size = 10)
    {
        var ready = await Gateway.Process.WaitForAsync("MQTT on 127.0.0.1:");
        await using var client = await LanClient.JoinAsync(int.Parse(ready.Split("MQTT on 127.0.0.1:")[1].Split(',')[0], CultureInfo.InvariantCulture));
        for (var i = 1; i <= count; i++)
        {
            await client.PublishAsync($"lan/{i}", System.Text.Encoding.UTF8.GetBytes($"{i}".PadRight(size)));
        }
    }

    /// <summary>Runs <c>edge-gateway outbox …</c> as the unit's users would.</summary>
    public Task<GatewayCommand> RunAsync(params string[] arguments) => RunAsAsync([], arguments);

    public Task<GatewayCommand> RunAsAsync(string[] launcher, params string[] arguments) =>
        GatewayCommand.RunAsync([.. launcher, "env", $"RUNTIME_DIRECTORY={Gateway.RuntimeFolder}"], ["outbox", .. arguments, "--config", Gateway.Configuration]);

    /// <summary>A stream's row of <c>list --json</c>; null: there is none.</summary>
    public async Task<JsonElement?> RowAsync(string stream)
    {
        var command = await RunAsync("list", "--json");
        Assert.Equal(0, command.Code);
        using var listing = JsonDocument.Parse(string.Join('\n', command.Output));
        foreach (var row in listing.RootElement.GetProperty("streams").EnumerateArray())
        {
            if (row.GetProperty("stream").GetString() == stream)
            {
                return row.Clone();
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        if (Upstream is not null)
        {
            await Upstream.DisposeAsync();
        }

        _nowhere.Dispose();
        Folder.Dispose();
    }
}
