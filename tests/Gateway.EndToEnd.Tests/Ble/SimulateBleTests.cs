using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary><c>edge-gateway simulate</c> with Bluetooth devices.</summary>
public sealed partial class SimulateBleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Simulate_Run_EveryDeviceSaysWhatItsConfigurationWants()
    {
        _folder.Write("cellar.key", "231d39c1d7cc1ab1aee224cd096db932\n");
        _folder.Write("phone.irk", "ec0234a357c8ad05341010a60a397d9b\n");
        var configuration = _folder.Write("gateway.yaml", """
            gateway: { data: ./data }
            links: [{ id: radio, type: ble, controller: hci0 }, { id: attic, type: ble, controller: "00:1A:7D:00:00:99" }]
            devices:
              - { id: cellar, link: radio, address: "54:48:E6:8F:80:A5", decoder: bthome, key: { file: cellar.key } }
              - { id: sauna, link: attic, address: "CB:B8:33:4C:88:4F", decoder: ruuvi }
              - { id: meter, link: radio, name: "Meter-*", points: [{ id: power }, { id: volume-flow }] }
              - { id: phone, link: radio, irk: { file: phone.irk }, decoder: none, points: [{ id: rssi }] }
              - { id: beacon, link: radio, address: "C0:FF:EE:00:00:01", decoder: ibeacon }
              - { id: porch, link: radio, address: "C0:FF:EE:00:00:02", decoder: atc, key: { env: NO_SUCH_KEY } }
              - id: lamp
                link: radio
                address: "E0:12:34:56:78:9A"
                decoder: none
                points: [{ id: brightness, characteristic: fff3, type: uint8, every: 1s, write: { min: 0, max: 100 } }, { id: charge, characteristic: 2a19, every: 1s }]

            """);
        await using var simulate = ChildProcess.Start(GatewayProcess.Program, ["simulate", "--config", configuration, "--run"]);
        var line = await simulate.WaitForAsync("look on");
        Assert.Contains(simulate.Lines, static l => l == "not simulated: porch: the environment variable NO_SUCH_KEY is not set");
        Assert.Contains(simulate.Lines, static l => l.StartsWith("6 devices simulated", StringComparison.Ordinal));

        await using var backend = await Collector.StartAsync(int.Parse(Port().Match(line).Groups[1].Value), "backend", ["#"]);
        foreach (var topic in (string[])["cellar/telemetry/temperature", "sauna/telemetry/pressure", "meter/telemetry/power", "phone/telemetry/rssi", "beacon/telemetry/major", "lamp/telemetry/charge"])
        {
            await backend.WaitForAsync(m => m.Topic == "edge/" + topic && m.Payload.Contains("\"q\":\"good\"", StringComparison.Ordinal));
        }

        Assert.Equal(0, await simulate.TerminateAsync());
    }

    [GeneratedRegex(@"-p (\d+)")]
    private static partial Regex Port();
}
