using System.Text;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Load;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Faults;

/// <summary>A journal that something has damaged: the gateway starts, upstream gets what is left and is told what is not, and people are told what to do.</summary>
public sealed class DamagedJournalTests : IDisposable
{
    /// <summary>Messages of 200 kB: five segments of 8 MiB.</summary>
    private const int Messages = 180;
    private const int PerSegment = 8 << 20;

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("truncated", 22)]
    [InlineData("one bit flipped", 1)]
    [InlineData("deleted", 42)]
    public async Task Segment_Damaged_WhatIsLeftArrivesAndTheRestIsAGap(string how, int mostLost)
    {
        await using var upstream = new Mosquitto(_folder, "upstream", "log_type information");
        await upstream.StartAsync();
        await using var backend = await LoadBackend.StartAsync(upstream.Port);
        await upstream.StopAsync();
        await using var gateway = Gateway(upstream.Port);
        await FillAsync(gateway);

        var segment = Directory.GetFiles(_folder.Of("data/journal"), "????????????????.seg").Order(StringComparer.Ordinal).Skip(1).First();
        Damage(segment, how);
        var alert = backend.WaitForAsync(m => m.Topic == "edge/gateways/gw-1/alerts");
        var last = backend.WaitForAsync(m => m.Payload.Span.StartsWith("179:"u8));
        await upstream.StartAsync();
        await gateway.StartAsync();
        await last;

        // The alert comes after what could be read: old segments are looked at when it is their turn.
        using var told = JsonDocument.Parse((await alert).Payload);
        Assert.Equal("quarantine", told.RootElement.GetProperty("kind").GetString());
        Assert.Contains("lost and told as gaps", told.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("check the card", told.RootElement.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        var missing = backend.Missing(Enumerable.Range(0, Messages).Select(Text));
        Assert.InRange(missing.Count, 1, mostLost);
        await gateway.Process.WaitForAsync($"{missing.Count} messages could not be read and are told as a gap");
        Assert.Equal((ulong)missing.Count, backend.Audit(a => a.Dropped));
        Assert.All(backend.Gaps, g => Assert.Contains("\"reason\":\"quarantine\"", g, StringComparison.Ordinal));
        Assert.Empty(backend.Violations);

        var (code, report) = await gateway.StatusAsync();
        Assert.Equal((1, "degraded", "damaged"), (code, report.GetProperty("state").GetString(), report.GetProperty("storage").GetProperty("state").GetString()));
        var text = await gateway.StatusTextAsync();
        Assert.Contains($"{missing.Count} messages are lost and told as gaps; check the card", text, StringComparison.Ordinal);

        if (how != "deleted")
        {
            Assert.Contains(Path.GetFileName(segment), text, StringComparison.Ordinal);
            Assert.Single(Directory.GetFiles(_folder.Of("data/quarantine"), Path.GetFileName(segment), SearchOption.AllDirectories));
        }

        Assert.Equal(0, await gateway.StopAsync());

        // The next start is an ordinary one: nobody is told twice.
        await gateway.StartAsync();
        (_, report) = await gateway.StatusAsync();
        Assert.Equal("ok", report.GetProperty("storage").GetProperty("state").GetString());
        Assert.Equal(0, await gateway.StopAsync());
    }

    private static string Text(int number) => $"{number}:".PadRight(200_000, (char)('a' + (number % 26)));

    private static void Damage(string segment, string how)
    {
        using var file = how == "deleted" ? null : File.Open(segment, FileMode.Open);
        switch (how)
        {
            case "truncated":
                file!.SetLength(PerSegment / 2);
                break;
            case "one bit flipped":
                file!.Position = PerSegment / 2;
                var old = file.ReadByte();
                file.Position--;
                file.WriteByte((byte)(old ^ 0x10));
                break;
            default:
                File.Delete(segment);
                break;
        }
    }

    private async Task FillAsync(GatewayProcess gateway)
    {
        await gateway.StartAsync();
        await using (var publisher = await LanClient.JoinAsync(_port))
        {
            for (var i = 0; i < Messages; i++)
            {
                Assert.False((await publisher.PublishAsync("lan/numbers", Encoding.ASCII.GetBytes(Text(i)))).IsFailure());
            }
        }

        Assert.Equal(0, await gateway.StopAsync());
    }

    private GatewayProcess Gateway(int upstream) => new(_folder, $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        bridges: [{ id: cloud, servers: ["mqtt://127.0.0.1:{{upstream}}"], forward: [{ filter: "lan/#" }] }]

        """);
}
