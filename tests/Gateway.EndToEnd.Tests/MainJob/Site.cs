using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>One gateway, Mosquitto upstream, and a backend behind it whose session was there before the gateway.</summary>
internal sealed class Site : IAsyncDisposable
{
    public const string TelemetryLedger = "edge/gateways/gw-1/streams/cloud.telemetry";

    private readonly TempFolder _folder;
    private readonly List<string> _errors = [];

    private Site(TempFolder folder, Mosquitto upstream, Collector backend, string field, string clock)
    {
        (_folder, Upstream, Backend) = (folder, upstream, backend);
        Gateway = new GatewayProcess(folder, $$"""
            gateway: { id: gw-1, data: {{folder.Of("data")}}, clock: {{clock}} }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Lan}} }] }
            {{field}}
            bridges:
              - id: cloud
                servers: ["mqtt://127.0.0.1:{{upstream.Port}}"]
                forward: [standard, { filter: "lan/#" }]
                import: [commands]

            """);
    }

    public Mosquitto Upstream { get; }

    public Collector Backend { get; }

    public GatewayProcess Gateway { get; }

    /// <summary>Port of the gateway's own broker.</summary>
    public int Lan { get; } = Ports.Free();

    /// <summary>Upstream and backend are up; the gateway is not.</summary>
    /// <param name="field">The sections <c>links</c> and <c>devices</c>.</param>
    /// <param name="clock">gateway.clock.</param>
    public static async Task<Site> PrepareAsync(string field, string clock = "trusted")
    {
        var folder = new TempFolder();
        var upstream = new Mosquitto(folder);
        await upstream.StartAsync();
        return new Site(folder, upstream, await Collector.StartAsync(upstream.Port, "backend", ["#"]), field, clock);
    }

    public static async Task<Site> StartAsync(string field, string clock = "trusted")
    {
        var site = await PrepareAsync(field, clock);
        await site.Gateway.StartAsync();
        await site.Backend.WaitForAsync(TelemetryLedger);
        return site;
    }

    /// <summary>A client on the gateway's LAN.</summary>
    public Task<Collector> JoinLanAsync(params string[] filters) => Collector.StartAsync(Lan, "lan-client", filters);

    public async Task KillGatewayAsync()
    {
        KeepErrors();
        await Gateway.KillAsync();
    }

    /// <summary>Stops the gateway in order. Whatever it logged as an error is a failure of the test.</summary>
    public async Task StopGatewayAsync()
    {
        var process = Gateway.Process;
        var code = await Gateway.StopAsync();
        _errors.AddRange(process.Lines.Where(IsError));
        Assert.Empty(_errors);
        Assert.Equal(0, code);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
        await Upstream.DisposeAsync();
        _folder.Dispose();
    }

    private static bool IsError(string line) =>
        line.Contains("fail: ", StringComparison.Ordinal) || line.Contains("crit: ", StringComparison.Ordinal) || line.Contains("Unhandled exception", StringComparison.Ordinal);

    private void KeepErrors() => _errors.AddRange(Gateway.Process.Lines.Where(IsError));
}
