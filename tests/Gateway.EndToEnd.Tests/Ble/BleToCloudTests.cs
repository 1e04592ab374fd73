using Gateway.EndToEnd.Tests.MainJob;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>The whole way: a device on the air, bluetoothd, the gateway, Mosquitto upstream, a backend; and back.</summary>
public sealed class BleToCloudTests
{
    private const string Ruuvi = "CB:B8:33:4C:88:4F";
    private const string Valve = "C4:00:00:00:00:01";

    [Fact]
    public async Task Advertisements_PlainEncryptedAndStrange_ArriveUpstream()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var site = await Site.PrepareAsync($$"""
            links: [{ id: radio, type: ble, controller: hci0, unknown: { allow: ["A4:C1:38:*"] } }]
            devices:
              - { id: cellar, link: radio, address: "54:48:E6:8F:80:A5", decoder: bthome, key: { env: CELLAR_KEY } }
              - { id: freezer, link: radio, address: "{{Ruuvi}}", points: [{ id: temperature, unit: "°C" }, { id: rssi }] }
            """);
        await site.Gateway.StartAsync(new Dictionary<string, string>(bus.Environment) { ["CELLAR_KEY"] = "231d39c1d7cc1ab1aee224cd096db932" });
        await bluez.WaitForCallAsync("StartDiscovery");

        await bluez.AdvertiseAsync("54:48:E6:8F:80:A5", "41a47266c95f730011223378237214");
        await bluez.DoAsync(new { @do = "advertise", address = Ruuvi, type = "random", rssi = -71, manufacturer = new Dictionary<string, string> { ["0499"] = "0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F" } });
        await bluez.AdvertiseAsync("A4:C1:38:00:00:07", "4002c409");

        Assert.Contains("\"v\":25.06,", (await site.Backend.WaitForAsync("edge/cellar/telemetry/temperature")).Payload, StringComparison.Ordinal);
        Assert.Contains("\"v\":50.55,", (await site.Backend.WaitForAsync("edge/cellar/telemetry/humidity")).Payload, StringComparison.Ordinal);
        Assert.Contains("\"v\":24.3,", (await site.Backend.WaitForAsync("edge/freezer/telemetry/temperature")).Payload, StringComparison.Ordinal);
        Assert.Contains("\"v\":-71,", (await site.Backend.WaitForAsync("edge/freezer/telemetry/rssi")).Payload, StringComparison.Ordinal);
        Assert.Contains("\"v\":25,", (await site.Backend.WaitForAsync("edge/ble-a4-c1-38-00-00-07/telemetry/temperature")).Payload, StringComparison.Ordinal);
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/cellar/status", Payload: "online" });
        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task Characteristics_AreReadNotifiedAndWritten()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var bluez = await BluezMock.StartAsync(bus);
        await using var site = await Site.PrepareAsync($$"""
            links: [{ id: radio, type: ble }]
            devices:
              - id: valve
                link: radio
                address: "{{Valve}}"
                decoder: none
                points:
                  - { id: battery, characteristic: "2a19", every: 1s }
                  - { id: flow, characteristic: "2a6e", type: int16, scale: 0.01, unit: l/min, notify: true, every: 1s }
                  - { id: position, characteristic: "2a06", type: uint8, every: 1s, write: { min: 0, max: 100 } }
            """);
        await bluez.DoAsync(new
        {
            @do = "peripheral",
            address = Valve,
            services = new[]
            {
                new
                {
                    uuid = "180f",
                    characteristics = new[]
                    {
                        new { uuid = "2a19", flags = new[] { "read" }, value = "5d" },
                        new { uuid = "2a6e", flags = new[] { "notify" }, value = "" },
                        new { uuid = "2a06", flags = new[] { "read", "write" }, value = "0a" },
                    },
                },
            },
        });
        await site.Gateway.StartAsync(bus.Environment);
        await bluez.WaitForCallAsync("StartDiscovery");
        await bluez.AdvertiseAsync(Valve, "40");

        await site.Backend.WaitForAsync(m => m.Topic == "edge/valve/telemetry/battery" && m.Payload.Contains("\"v\":93,", StringComparison.Ordinal));
        await site.Backend.WaitForAsync(m => m.Topic == "edge/valve/telemetry/position" && m.Payload.Contains("\"v\":10,", StringComparison.Ordinal));
        await bluez.WaitForCallAsync("StartNotify");
        await bluez.DoAsync(new { @do = "notify", address = Valve, uuid = "2a6e", value = "d204" });
        await site.Backend.WaitForAsync(m => m.Topic == "edge/valve/telemetry/flow" && m.Payload.Contains("\"v\":12.34,", StringComparison.Ordinal));

        var questions = new Questions(site.Backend, "edge/valve/cmd", "edge/valve/response");
        Assert.Equal(("ok", null), await questions.AskAsync("w1", """ "set":{"position":55} """));
        await site.Backend.WaitForAsync(m => m.Topic == "edge/valve/telemetry/position" && m.Payload.Contains("\"v\":55,", StringComparison.Ordinal));
        Assert.Equal(("rejected", "out-of-range"), await questions.AskAsync("w2", """ "set":{"position":101} """));

        // It leaves in the middle and is connected again by itself.
        await bluez.DoAsync(new { @do = "disconnect", address = Valve });
        await bluez.WaitForCallAsync("StartNotify", 2);
        Assert.Equal(("ok", null), await questions.AskAsync("w3", """ "set":{"position":7} """));
        await site.StopGatewayAsync();
    }

    [Fact]
    public async Task Bluetoothd_IsNotThereLeavesAndReturns_IsToldWithItsRemedyAndHealsByItself()
    {
        await using var bus = await PrivateBus.StartAsync();
        await using var site = await Site.PrepareAsync($$"""
            links: [{ id: radio, type: ble }]
            devices: [{ id: freezer, link: radio, address: "{{Ruuvi}}" }]
            """);
        await site.Gateway.StartAsync(bus.Environment);
        await site.Gateway.Process.WaitForAsync(l => l.Contains("bluetoothd is not running", StringComparison.Ordinal) && l.Contains("systemctl enable --now bluetooth", StringComparison.Ordinal));

        await using var bluez = await BluezMock.StartAsync(bus);
        await bluez.WaitForCallAsync("StartDiscovery");
        await AdvertiseAsync(bluez);
        await site.Backend.WaitForAsync(m => m is { Topic: "edge/freezer/status", Payload: "online" });

        await bluez.DoAsync(new { @do = "leave" });
        await site.Backend.WaitForAsync(m => m.Topic == "edge/freezer/health" && m.Payload.Contains("bluetoothd", StringComparison.Ordinal));
        Assert.Contains("bluetoothd", await site.Gateway.StatusTextAsync(), StringComparison.Ordinal);

        await bluez.DoAsync(new { @do = "return" });
        await bluez.WaitForCallAsync("StartDiscovery", 2);
        var before = site.Backend.Messages.Count(m => m is { Topic: "edge/freezer/status", Payload: "online" });
        await AdvertiseAsync(bluez);
        await site.Backend.WaitForAsync(_ => site.Backend.Messages.Count(m => m is { Topic: "edge/freezer/status", Payload: "online" }) > before);
        await site.StopGatewayAsync();
    }

    private static Task AdvertiseAsync(BluezMock bluez) =>
        bluez.DoAsync(new { @do = "advertise", address = Ruuvi, manufacturer = new Dictionary<string, string> { ["0499"] = "0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F" } });
}
