using Gateway.EndToEnd.Tests.Load;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;
using Gateway.Tests.Storage;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>The data folder's disk fails while the gateway works: nothing is promised any more, the LAN goes on, and what had been promised is kept.</summary>
public sealed class FailingDiskTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();
    private Mosquitto _upstream = null!;
    private LoadBackend _backend = null!;
    private int _acknowledged;

    public async ValueTask InitializeAsync()
    {
        _upstream = new Mosquitto(_folder);
        await _upstream.StartAsync();
        _backend = await LoadBackend.StartAsync(_upstream.Port);
        await _upstream.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _backend.DisposeAsync();
        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Disk_TurnsReadOnly_NothingIsPromised_AndItGoesOnWhenItIsMountedAnew()
    {
        using var image = Ext4Image.TryMake(mebibytes: 96, out var reason, "loop,errors=remount-ro");
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        await using var gateway = Gateway(Path.Combine(image!.Mount, "data"));
        await gateway.StartAsync();
        await using var publisher = await LanClient.JoinAsync(_port);
        await PublishAsync(publisher, 200);

        image.MeetAnError();

        Assert.Equal(ReasonCode.ImplementationSpecificError, await publisher.PublishAsync("lan/numbers", "never"u8.ToArray()));
        await AssertFailedAsync(gateway, publisher);
        Assert.Contains("Read-only file system", await gateway.Process.WaitForAsync("The journal cannot be written"), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.StopAsync());

        image.Remount();
        await gateway.StartAsync();
        await AssertEverythingArrivesAsync(gateway);
    }

    [Fact]
    public async Task Disk_FailsToSync_NothingIsPromised_AndItHealsByItself()
    {
        var flag = _folder.Of("failing");
        await using var gateway = Gateway(_folder.Of("data"));
        await gateway.StartAsync(new Dictionary<string, string> { ["LD_PRELOAD"] = await Preload.CompileAsync(_folder, "failing_disk.c"), ["FAILING_DISK"] = flag });
        await using var publisher = await LanClient.JoinAsync(_port);
        await PublishAsync(publisher, 200);

        File.WriteAllText(flag, "");

        Assert.Equal(ReasonCode.ImplementationSpecificError, await publisher.PublishAsync("lan/numbers", "never"u8.ToArray()));
        await AssertFailedAsync(gateway, publisher);
        Assert.Contains("Input/output error", await gateway.Process.WaitForAsync("The journal cannot be written"), StringComparison.Ordinal);

        File.Delete(flag);
        await gateway.Process.WaitForAsync("The journal can be written again");
        await PublishAsync(publisher, 20);
        var (_, report) = await gateway.StatusAsync();
        Assert.Equal("ok", report.GetProperty("storage").GetProperty("state").GetString());
        await AssertEverythingArrivesAsync(gateway);
    }

    private GatewayProcess Gateway(string data) => new(_folder, $$"""
        gateway: { id: gw-1, data: {{data}}, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{_upstream.Port}}"], forward: [{ filter: "lan/numbers" }] }]

        """);

    private async Task PublishAsync(LanClient publisher, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.False((await publisher.PublishAsync("lan/numbers", Payload())).IsFailure());
            _acknowledged++;
        }
    }

    private byte[] Payload() => System.Text.Encoding.ASCII.GetBytes($"{_acknowledged}:".PadRight(20_000, 'x'));

    /// <summary>As a user sees it: the reason code or the end of the connection, the log, the status for people and for programs, the health on the LAN; and QoS 0 on the LAN goes on.</summary>
    private async Task AssertFailedAsync(GatewayProcess gateway, LanClient publisher)
    {
        await gateway.Process.WaitForAsync("The journal cannot be written");
        await using var old = await LanClient.JoinAsync(_port, ProtocolVersion.V311);
        Assert.Null(await old.TryPublishAsync("lan/numbers", "never"u8.ToArray()));
        await using var listener = await Collector.StartAsync(_port, "listener", ["lan/live", "edge/gateways/gw-1/health"]);
        publisher.PublishAtMostOnce("lan/live", "still here"u8.ToArray());
        await listener.WaitForAsync("lan/live");
        var health = await listener.WaitForAsync(m => m.Topic.EndsWith("/health", StringComparison.Ordinal) && m.Payload.Contains("storage: ", StringComparison.Ordinal));
        Assert.Equal("degraded", health.Json.GetProperty("state").GetString());
        var (code, report) = await gateway.StatusAsync();
        Assert.Equal((1, "degraded", "failed"), (code, report.GetProperty("state").GetString(), report.GetProperty("storage").GetProperty("state").GetString()));
        Assert.Contains("nothing can be acknowledged until it works again; see dmesg", await gateway.StatusTextAsync(), StringComparison.Ordinal);
    }

    private async Task AssertEverythingArrivesAsync(GatewayProcess gateway)
    {
        await using var publisher = await LanClient.JoinAsync(_port);
        var last = _backend.WaitForAsync(m => m.Payload.Span.SequenceEqual("last"u8));
        await _upstream.StartAsync();
        Assert.False((await publisher.PublishAsync("lan/numbers", "last"u8.ToArray())).IsFailure());
        await last;
        Assert.Equal(0, await gateway.StopAsync());
        Assert.Empty(_backend.Missing(Enumerable.Range(0, _acknowledged).Select(n => $"{n}:".PadRight(20_000, 'x'))));
        Assert.Empty(_backend.Violations);

        // What the gateway itself published meanwhile (health, alerts) nobody waited for: with no disk to put it on it is a gap of its own reason.
        Assert.All(_backend.Gaps, g => Assert.True(g.Contains("superseded", StringComparison.Ordinal) || g.Contains("\"storage\"", StringComparison.Ordinal), g));
    }
}
