using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>500 devices that advertise ten times a second, all configured.</summary>
[Collection(AloneCollection.Name)]
public sealed partial class BusyAirTests(ITestOutputHelper output) : IDisposable
{
    private const int Devices = 500;
    private const int PerSecond = 10;

    /// <summary>Slices of a round, so that the devices do not all send at once.</summary>
    private const int Slices = 10;

    private static readonly int s_seconds = int.Parse(Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_BLE_SECONDS") is { Length: > 0 } text ? text : "4", CultureInfo.InvariantCulture);

    private readonly TempFolder _folder = new();
    private readonly HttpClient _client = new();

    [Fact]
    public async Task Daemon_500Devices10TimesASecond_LosesNothing()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var air = await BusyAir.StartAsync(bus);
        var (lan, web) = (Ports.Free(), Ports.Free());
        await using var gateway = new GatewayProcess(_folder, $$"""
            gateway: { data: {{_folder.Of("data")}} }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{lan}} }] }
            http: { bind: 127.0.0.1, port: {{web}} }
            links: [{ id: radio, type: ble }]
            devices:
            {{string.Join('\n', Enumerable.Range(0, Devices).Select(i => $"  - {{ id: tag-{i}, link: radio, address: \"{BusyAir.Address(i)}\", decoder: bthome }}"))}}

            """);
        await gateway.StartAsync(bus.Environment);
        await air.Scanning.WaitAsync(TimeSpan.FromSeconds(30));

        // The first second makes the points; what follows is measured.
        await SendAsync(air, 0, PerSecond);
        await WaitForAsync(web, air.Sent);
        var (before, start) = (Cpu(gateway.Process.Id), Stopwatch.GetTimestamp());
        await SendAsync(air, PerSecond, PerSecond * s_seconds);
        var spent = (Cpu(gateway.Process.Id) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var text = await WaitForAsync(web, air.Sent);

        output.WriteLine($"{air.Sent} advertisements, {Devices * PerSecond} a second: {spent:P0} of a core, {Resident(gateway.Process.Id)} MB resident");
        Assert.Equal(0, Value(text, "edge_gateway_ble_advertisements_dropped_total"));
        Assert.Equal(air.Sent, Value(text, "edge_gateway_ble_advertisements_decoded_total"));
        Assert.Equal(0, await gateway.StopAsync());
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    private static async Task SendAsync(BusyAir air, int from, int to)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond / Slices));
        for (var round = from; round < from + to; round++)
        {
            for (var slice = 0; slice < Slices; slice++)
            {
                await pace.WaitForNextTickAsync();
                await air.AdvertiseAsync(slice * Devices / Slices, (slice + 1) * Devices / Slices, round);
            }
        }
    }

    /// <summary>The metrics, once as many have been decoded.</summary>
    private async Task<string> WaitForAsync(int web, int sent)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var text = await _client.GetStringAsync($"http://127.0.0.1:{web}/metrics", end.Token);
            if (Value(text, "edge_gateway_ble_advertisements_decoded_total") + Value(text, "edge_gateway_ble_advertisements_dropped_total") >= sent)
            {
                return text;
            }

            Assert.True(await pace.WaitForNextTickAsync(end.Token));
        }
    }

    private static double Value(string metrics, string name) => Sample().Matches(metrics).Where(m => m.Groups[1].Value == name).Sum(m => double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture));

    /// <summary>Seconds of user and system time so far; the kernel counts in hundredths.</summary>
    private static double Cpu(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    private static int Resident(int process) =>
        int.Parse(File.ReadLines($"/proc/{process}/status").First(l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    [GeneratedRegex(@"^(\w+)(?:\{[^\n]*\})? (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
