using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Moving;

/// <summary>Somebody copies the card and runs both.</summary>
public sealed class ClonedCardTests
{
    [Fact]
    public async Task BothRun_NoIdentityHasTwoContentsAndNothingIsMissing()
    {
        using var folder = new TempFolder();
        await using var upstream = new Mosquitto(folder);
        await upstream.StartAsync();
        await using var backend = await Collector.StartAsync(upstream.Port, "backend", ["#"]);
        await using var original = new MovedGateway(folder, "machine-a", upstream);
        await using var copy = new MovedGateway(folder, "machine-b", upstream);
        await original.StartAsync();
        await original.PublishAsync("sent", 5);
        await backend.WaitForAsync(m => m.Payload == "sent 5");
        await upstream.StopAsync();
        await original.PublishAsync("queued", 5);
        await original.KillAsync();
        original.CopyTo(copy);

        await upstream.StartAsync();
        await original.StartAsync();
        await original.PublishAsync("of the original", 5);
        await copy.StartAsync();
        await copy.PublishAsync("of the copy", 5);
        await original.PublishAsync("of the original again", 5);
        foreach (var last in (string[])["of the original 5", "of the copy 5", "of the original again 5"])
        {
            await backend.WaitForAsync(m => m.Payload == last);
        }

        await original.StopAsync();
        await copy.StopAsync();
        var audit = await ClosedBooks.OfAsync(backend, "cloud.telemetry", epochs: 2);
        Assert.True(audit is { Missing: 0, OutOfOrder: 0, Open: 0 });
        ClosedBooks.AssertOneContentEach(backend);
        var alert = Assert.Single(backend.Messages, m => m.Topic == "edge/gateways/gw-1/alerts" && m.Json.GetProperty("kind").GetString() == "clone");
        Assert.Contains("never run both", alert.Json.GetProperty("remedy").GetString(), StringComparison.Ordinal);

        // The copy sent what waited under its old identity first, then began anew and said after what.
        var first = Assert.Single(backend.Messages, m => m.Payload == "of the copy 1");
        var before = Assert.Single(backend.Messages, m => m.Payload == "sent 1");
        Assert.Equal($";1;{before.Identity!.Split(';')[2]}", first.Identity![first.Identity!.IndexOf(";1;", StringComparison.Ordinal)..]);
        Assert.Equal(5, backend.Messages.Where(m => m.Payload.StartsWith("queued", StringComparison.Ordinal)).Select(m => m.Identity).Distinct().Count());
    }
}
