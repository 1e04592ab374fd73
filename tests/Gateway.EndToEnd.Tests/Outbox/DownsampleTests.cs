using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;
using Gateway.EndToEnd.Tests.Verification;
using Gateway.Mqtt;

namespace Gateway.EndToEnd.Tests.Outbox;

/// <summary>Upstream is away until a small queue with <c>when-full: downsample</c> is overrun three times, and the gateway is killed in between: every reading arrives, by itself or in a summary.</summary>
public sealed class DownsampleTests(ITestOutputHelper output) : IDisposable
{
    private const int QueueSize = 8 << 20;
    private const int Payload = 8 << 10;
    private const int Readings = 3 * QueueSize / Payload;
    private const int AtOnce = 32;
    private const long Start = 1_736_380_800_000;

    private static readonly string[] s_points = ["force", "stroke", "oil"];

    private readonly TempFolder _folder = new();
    private readonly int _port = Ports.Free();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Overrun_Killed_ThenDrained_EveryReadingArrivesByItselfOrInASummary()
    {
        await using var upstream = new Mosquitto(_folder);
        await upstream.StartAsync();
        await using var backend = new ExampleBackend(_folder, upstream.Port);
        await backend.StartAsync(isNew: true);
        await using var collector = await Collector.StartAsync(upstream.Port, "collector", ["#"]);
        await using var gateway = new GatewayProcess(_folder, Configuration(upstream.Port));
        await using var verify = await VerifyProcess.StartAsync(upstream, "--config", gateway.Configuration);
        await gateway.StartAsync();
        await collector.WaitForAsync("edge/gateways/gw-1/streams/cloud.telemetry");
        await upstream.StopAsync();

        await PublishAsync(0, Readings / 2);
        await gateway.KillAsync();
        await gateway.StartAsync();
        await PublishAsync(Readings / 2, Readings);
        await gateway.Process.WaitForAsync("Stream cloud.telemetry fills up (when-full: downsample)");
        var (_, report) = await gateway.StatusAsync();
        Assert.InRange(Row(report).GetProperty("bytes").GetInt64(), QueueSize / 4, QueueSize);
        var list = await gateway.AskAsync("outbox", "list");
        output.WriteLine(string.Join('\n', list.Output));

        await upstream.StartAsync();
        var next = await WhenDrainedAsync(gateway);
        Assert.Equal(0, await gateway.StopAsync());
        var books = await backend.WaitForAsync("cloud.telemetry", b => b.GetProperty("mark").GetUInt64() >= next - 1);
        Assert.Equal((1, "[]"), (books.GetProperty("from").GetInt32(), books.GetProperty("missing").GetRawText()));
        var downsampled = books.GetProperty("gaps").EnumerateArray().Where(static g => g[2].GetString() == "downsampled").Sum(static g => g[1].GetInt64() - g[0].GetInt64() + 1);
        Assert.InRange(downsampled, Readings / 2, 2 * Readings);
        Assert.DoesNotContain(books.GetProperty("gaps").EnumerateArray(), static g => g[2].GetString() is not ("downsampled" or "superseded"));
        Assert.DoesNotContain(backend.Process.Lines, static l => l.Contains("alarm", StringComparison.Ordinal));
        (await verify.InterruptAsync()).Expect("complete");

        foreach (var (index, point) in s_points.Index())
        {
            var taken = (await backend.PayloadsAsync($"lan/press/{point}")).Select(static p => JsonDocument.Parse(p).RootElement).ToList();
            var summaries = taken.Where(static r => r.GetProperty("schema").GetString() == "reading-summary.v1").ToList();
            output.WriteLine($"{point}: {taken.Count} messages, {summaries.Count} summaries of {string.Join(' ', summaries.Select(static s => s.GetProperty("window").GetInt64()).Distinct())} ms");
            var given = Enumerable.Range(0, Readings).Where(n => n % s_points.Length == index).ToList();
            Assert.Equal(given.Count, taken.Sum(static r => r.TryGetProperty("count", out var count) ? count.GetInt32() : 1));
            Assert.Equal(given.Sum(Value), taken.Sum(static r => r.TryGetProperty("mean", out var mean) ? decimal.Round(mean.GetDecimal() * r.GetProperty("count").GetInt32(), 6) : r.GetProperty("v").GetDecimal()));
            Assert.Equal(given.Min(Value), taken.Min(static r => r.GetProperty(r.TryGetProperty("min", out _) ? "min" : "v").GetDecimal()));
            Assert.Equal(given.Max(Value), taken.Max(static r => r.GetProperty(r.TryGetProperty("max", out _) ? "max" : "v").GetDecimal()));
            Assert.True(summaries.Count < taken.Count && summaries.Count > 10);
        }
    }

    private static decimal Value(int number) => (number * 7919 % 1000) / 10m;

    private static JsonElement Row(JsonElement status) => status.GetProperty("storage").GetProperty("streams").EnumerateArray().Single(static s => s.GetProperty("stream").GetString() == "cloud.telemetry");

    private async Task PublishAsync(int from, int to)
    {
        await using var publisher = await LanClient.JoinAsync(_port);
        for (var next = from; next < to; next += AtOnce)
        {
            var answers = await Task.WhenAll(Enumerable.Range(next, Math.Min(AtOnce, to - next)).Select(n => publisher.PublishAsync($"lan/press/{s_points[n % s_points.Length]}", Reading(n))));
            Assert.DoesNotContain(answers, static a => a.IsFailure());
        }
    }

    /// <summary>One each second, larger than any reading, so that the queue fills soon.</summary>
    private static byte[] Reading(int number) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"v\":{Value(number)},\"ts\":{Start + (number * 1000L)},\"unit\":\"{new string('x', Payload)}\",\"q\":\"good\",\"seq\":{number},\"boot\":1,\"schema\":\"reading.v1\"}}"));

    /// <returns>The number that comes next.</returns>
    private static async Task<ulong> WhenDrainedAsync(GatewayProcess gateway)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var row = Row((await gateway.StatusAsync()).Report);
            if (row.GetProperty("waiting").GetInt64() == 0)
            {
                return row.GetProperty("next").GetUInt64();
            }

            await pace.WaitForNextTickAsync(patience.Token);
        }
    }

    private string Configuration(int upstream) => $$"""
        gateway: { id: gw-1, data: data, clock: trusted }
        broker: { listeners: [{ bind: 127.0.0.1, port: {{_port}} }] }
        http: { enabled: false }
        bridges:
          - id: cloud
            servers: ["mqtt://127.0.0.1:{{upstream}}"]
            forward: [{ filter: "lan/#" }]
            outbox: { size: 8MiB, lanes: { telemetry: { when-full: downsample } } }

        """;
}
