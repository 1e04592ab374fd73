using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>The data folder's disk is full: who asks for a promise is refused, the LAN goes on, and it heals without a restart.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Disk_Full_QueueThatRefuses_RefusesPromisesOnly_AndHealsWithSpace()
    {
        await using var disk = await SmallDisk.MountAsync(_folder, "data", "44m");
        await using var gateway = await StartAsync("refuse");
        await using var publisher = await LanClient.JoinAsync(_port);
        await using var listener = await Collector.StartAsync(_port, "listener", ["lan/live", "edge/gateways/gw-1/health"]);
        var payload = new byte[200 << 10];

        var refused = await PublishUntilAsync(publisher, payload, static r => r.IsFailure());

        await gateway.Process.WaitForAsync("Free some space");
        Assert.Contains(refused, (ReasonCode[])[ReasonCode.QuotaExceeded, ReasonCode.ImplementationSpecificError]);
        await using (var old = await LanClient.JoinAsync(_port, ProtocolVersion.V311))
        {
            Assert.Null(await old.TryPublishAsync("lan/big", payload));
        }

        publisher.PublishAtMostOnce("lan/live", "still here"u8.ToArray());
        await listener.WaitForAsync("lan/live");
        var (code, report) = await gateway.StatusAsync();
        Assert.Equal(1, code);
        Assert.Contains("is full", report.GetProperty("storage").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("storage: ", report.GetProperty("summary").GetString(), StringComparison.Ordinal);
        Assert.Contains("messages are refused until there is space; free some or make the outbox smaller", await gateway.StatusTextAsync(), StringComparison.Ordinal);
        await listener.WaitForAsync(m => m.Topic.EndsWith("/health", StringComparison.Ordinal) && m.Payload.Contains("is full", StringComparison.Ordinal));

        await disk.RemountAsync("size=200m");
        await PublishUntilAsync(publisher, payload, static r => !r.IsFailure());
        (_, report) = await gateway.StatusAsync();
        Assert.Equal("ok", report.GetProperty("storage").GetProperty("state").GetString());
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Disk_Full_QueueThatDropsItsOldest_GoesOnAndSaysSo()
    {
        await using var disk = await SmallDisk.MountAsync(_folder, "data", "44m");
        await using var gateway = await StartAsync("drop-oldest");
        await using var publisher = await LanClient.JoinAsync(_port);
        var told = gateway.Process.WaitForAsync("No room for another segment");

        await PublishUntilAsync(publisher, new byte[200 << 10], _ => told.IsCompleted);
        for (var i = 0; i < 200; i++)
        {
            Assert.False((await publisher.PublishAsync("lan/big", new byte[200 << 10])).IsFailure());
        }

        var (code, report) = await gateway.StatusAsync();
        var storage = report.GetProperty("storage");
        Assert.Equal((1, "full"), (code, storage.GetProperty("state").GetString()));
        Assert.Contains("is full: queues drop or refuse", storage.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains(storage.GetProperty("streams").EnumerateArray(), s => s.GetProperty("dropped").GetInt32() > 0);
        Assert.Equal(0, await gateway.StopAsync());
    }

    private async Task<GatewayProcess> StartAsync(string whenFull)
    {
        var gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-1, data: data, clock: trusted }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{Ports.Free()}}"], forward: [{ filter: "lan/#" }], outbox: { when-full: {{whenFull}} } }]

            """);
        await gateway.StartAsync();
        return gateway;
    }

    private static async Task<ReasonCode> PublishUntilAsync(LanClient publisher, byte[] payload, Func<ReasonCode, bool> wanted)
    {
        // The journal tries a new segment every 30 s.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        ReasonCode reason;
        do
        {
            await pace.WaitForNextTickAsync(patience.Token);
            reason = await publisher.PublishAsync("lan/big", payload);
        }
        while (!wanted(reason));
        return reason;
    }
}
