using System.Globalization;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>500 devices that advertise ten times a second: half of them are in the configuration, half are let in by a pattern.</summary>
[Collection(AloneCollection.Name)]
public sealed class BusyAirTests(ITestOutputHelper output) : IDisposable
{
    private const int Devices = 500;
    private const int Configured = Devices / 2;
    private const int PerSecond = 10;

    /// <summary>Slices of a round, so that the devices do not all send at once.</summary>
    private const int Slices = 10;

    private static readonly int s_seconds = int.Parse(Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_BLE_SECONDS") is { Length: > 0 } text ? text : "4", CultureInfo.InvariantCulture);

    private readonly TempFolder _folder = new();

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
            links: [{ id: radio, type: ble, unknown: { allow: "A4:C1:38:*", limit: {{Devices}} } }]
            devices:
            {{string.Join('\n', Enumerable.Range(0, Configured).Select(i => $"  - {{ id: tag-{i}, link: radio, address: \"{BusyAir.Address(i)}\", decoder: bthome }}"))}}

            """);
        await gateway.StartAsync(bus.Environment);
        await air.Scanning.WaitAsync(TimeSpan.FromSeconds(30));

        using var metrics = new ScrapedMetrics(web);
        async Task<Func<string, double>> SendAllAsync(string what, int from, int to)
        {
            var before = Usage.Of(gateway.Process.Id);
            await SendAsync(air, from, to);
            var sums = await metrics.WaitForAsync(sum => sum("edge_gateway_ble_advertisements_decoded_total") + sum("edge_gateway_ble_advertisements_dropped_total") >= air.Sent);
            output.WriteLine($"{what}, {Devices * PerSecond} advertisements a second: {Usage.Of(gateway.Process.Id).Since(before)}");
            return sums;
        }

        await SendAllAsync($"{Devices} devices for the first second, {Devices - Configured} of them let in", 0, PerSecond);
        var counted = await SendAllAsync($"{Devices} devices for {s_seconds} s", PerSecond, PerSecond * s_seconds);
        Assert.Equal(0, counted("edge_gateway_ble_advertisements_dropped_total"));
        Assert.Equal(air.Sent, counted("edge_gateway_ble_advertisements_decoded_total"));
        Assert.Equal(0, await gateway.StopAsync());
    }

    public void Dispose() => _folder.Dispose();

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
}
