using System.Globalization;
using System.Text.Json;
using Gateway.Bridge;
using Gateway.Storage;
using Gateway.Tests.Storage;

namespace Gateway.Tests.Bridge.Thinning;

/// <summary>Readings in a journal that is full of them.</summary>
public sealed class ThinnedReadingsTests
{
    private const long Start = 1_736_380_800_000;
    private const int Size = 300_000;

    [Fact]
    public async Task Fiftyfold_CountsLeastGreatestAndMeansAddUp_AndWindowsWidened()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { Size = Size, WhenFull = WhenFull.Downsample, Digest = static () => new ReadingDigest() });
        const int Points = 7;
        const int Given = 70_000;
        await FillAsync(box, stream, Given, static i => $"edge/boiler/telemetry/p{i % Points}", static i => Start + (i / Points * 1000L));
        await box.TurnsAsync(10);
        Assert.InRange(stream.Bytes, 1, Size);
        Assert.All(stream.Gaps, static g => Assert.Equal(GapReason.Downsampled, g.Reason));

        var documents = JournalHarness.ReadAll(stream).Select(static e => (e.Topic, Of: JsonDocument.Parse(e.Message.Payload).RootElement)).ToList();
        var windows = documents.Select(static d => d.Of.TryGetProperty("window", out var window) ? window.GetInt64() : 0).ToHashSet();
        Assert.Subset(new HashSet<long> { 0, 60_000, 600_000, 3_600_000, 86_400_000 }, windows);
        Assert.InRange(windows.Max(), 600_000, 86_400_000);
        foreach (var point in documents.GroupBy(static d => d.Topic))
        {
            var number = int.Parse(point.Key[^1..], CultureInfo.InvariantCulture);
            var values = Enumerable.Range(0, Given).Where(i => i % Points == number).Select(Value).ToList();
            Assert.Equal(values.Count, point.Sum(static d => Count(d.Of)));
            Assert.Equal(values.Min(), point.Min(static d => Of(d.Of, "min")));
            Assert.Equal(values.Max(), point.Max(static d => Of(d.Of, "max")));
            Assert.InRange(point.Sum(static d => Of(d.Of, "mean") * Count(d.Of)) - values.Sum(), -0.000001m, 0.000001m);
        }

        Assert.Equal(Points, documents.Select(static d => d.Topic).Distinct().Count());
    }

    [Fact]
    public async Task Pass_Step_IsBounded_AndSoIsItsMemory()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = (OutboxStream)box.Stream();
        await FillAsync(box, stream, 8_000, static i => $"edge/d{i}/telemetry/p", static i => Start + i);
        using var reader = stream.Reading.NewReader();
        var digest = new ReadingDigest();
        const int Memory = 64 << 10;
        const int Step = 16 << 10;
        var pass = new ThinningPass(stream, reader, digest, 0, share: long.MaxValue, Memory);
        var before = 0;
        while (!pass.IsRead)
        {
            pass.Read(Step);
            Assert.InRange(pass.Entries - before, 1, Step / 100);
            before = pass.Entries;
            Assert.InRange(digest.Bytes, 1, Memory + 1_000);
        }

        Assert.InRange(pass.Entries, 100, 1_000);
        Assert.False(pass.IsWorthIt);
    }

    private static decimal Value(int i) => (i * 7919 % 1000) / 10m;

    private static int Count(JsonElement reading) => reading.TryGetProperty("count", out var count) ? count.GetInt32() : 1;

    private static decimal Of(JsonElement reading, string member) => reading.GetProperty(reading.TryGetProperty(member, out _) ? member : "v").GetDecimal();

    private static async Task FillAsync(JournalHarness box, IOutboxStream stream, int count, Func<int, string> topic, Func<int, long> time)
    {
        for (var i = 0; i < count; i++)
        {
            var payload = string.Create(CultureInfo.InvariantCulture, $"{{\"v\":{Value(i)},\"ts\":{time(i)},\"unit\":\"°C\",\"q\":\"good\",\"seq\":{i},\"boot\":1,\"schema\":\"reading.v1\"}}");
            var result = box.Append(stream, payload, topic(i), urgency: i % 100 == 99 ? Urgency.Immediate : Urgency.Window);
            Assert.Equal(AppendStatus.Accepted, result.Status);
            if (i % 100 == 99)
            {
                Assert.True(await box.Durability.WaitAsync(result.Lsn));
            }
        }
    }
}
