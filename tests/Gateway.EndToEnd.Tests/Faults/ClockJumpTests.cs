using Gateway.EndToEnd.Tests.Load;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>The wall clock jumps ten years between starts: neither the outbox's age nor a message's expiry lets it drop anything.</summary>
public sealed class ClockJumpTests : IDisposable
{
    private const uint OneHour = 3_600;

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trusted")]
    [InlineData("auto")]
    public async Task WallClock_TenYearsForwardAndBack_NothingIsDropped(string clock)
    {
        await using var upstream = new Mosquitto(_folder, "upstream", "log_type information");
        await upstream.StartAsync();
        await using var backend = await LoadBackend.StartAsync(upstream.Port);
        await upstream.StopAsync();
        await using var gateway = new GatewayProcess(_folder, $$"""
            gateway: { id: gw-1, data: data, clock: {{clock}} }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
            bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{upstream.Port}}"], forward: [{ filter: "lan/#" }], outbox: { age: 7d } }]

            """);
        var sent = new List<string>();
        foreach (var shift in (string[])["+0", "+10y", "-10y"])
        {
            await gateway.StartAsync(new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", ["FAKETIME"] = shift, ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            });
            await using var publisher = await LanClient.JoinAsync(_port);
            for (var i = 0; i < 20; i++)
            {
                sent.Add($"{sent.Count} at {shift}");
                Assert.False((await publisher.PublishAsync("lan/numbers", System.Text.Encoding.ASCII.GetBytes(sent[^1]), i % 2 == 0 ? OneHour : null)).IsFailure());
            }

            Assert.Equal(0, await gateway.StopAsync());
        }

        var last = backend.WaitForAsync(m => m.Payload.Span.SequenceEqual(System.Text.Encoding.ASCII.GetBytes(sent[^1])));
        await upstream.StartAsync();
        await gateway.StartAsync();
        var message = await last;
        Assert.Equal(0, await gateway.StopAsync());

        Assert.Null(message.Properties.MessageExpiryInterval);
        Assert.Empty(backend.Missing(sent));
        Assert.Empty(backend.Gaps);
        Assert.Equal(0UL, backend.Audit(a => a.Missing));
    }
}
