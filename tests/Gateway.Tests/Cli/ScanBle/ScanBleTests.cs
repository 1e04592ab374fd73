using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;
using Gateway.Cli;
using Gateway.Tests.Adapters.Ble;

namespace Gateway.Tests.Cli.ScanBle;

public sealed class ScanBleTests : IDisposable
{
    // bthome-ble's published vector: key, address, and the encrypted service data.
    private const string BtHomeKey = "231d39c1d7cc1ab1aee224cd096db932";

    private static readonly Advertisement s_encrypted = new(Address("54:48:E6:8F:80:A5"), 0) { Rssi = -70, Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("41a47266c95f730011223378237214"))] };

    // RuuviTag's documentation, RAWv2.
    private static readonly Advertisement s_ruuvi = new(Address("CB:B8:33:4C:88:4F"), 0)
    {
        Rssi = -50, Name = "Ruuvi \u001b[2J884F", Manufacturer = [new(0x0499, Convert.FromHexString("0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F"))],
    };

    // 24.9 °C in the clear.
    private static readonly Advertisement s_plain = new(Address("54:48:E6:00:00:01"), 0) { Services = [new(BleUuid.Of(0xFCD2), Convert.FromHexString("4002BA09"))] };

    private static readonly Advertisement s_telephone = new(Address("4A:00:00:00:00:01"), 0) { Rssi = -40, IsRandom = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("scan-ble").FullName;

    [Fact]
    public async Task Scan_ShowsWhatWasHeard_AndTheYamlToPaste_WhichIsRight()
    {
        var (code, output, error) = await ScanAsync([], s_telephone, s_ruuvi, s_encrypted);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains("temperature 24.3 °C", output, StringComparison.Ordinal);
        Assert.Contains("4A:00:00:00:00:01", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        var yaml = output[output.IndexOf("links:", StringComparison.Ordinal)..];
        Assert.Contains("- { id: ruuvi-88-4f, link: radio, address: \"CB:B8:33:4C:88:4F\", decoder: ruuvi }", yaml, StringComparison.Ordinal);
        Assert.Contains("- { id: bthome-80-a5, link: radio, address: \"54:48:E6:8F:80:A5\", decoder: bthome, key: { file: bthome-80-a5.key } }   # encrypted, and no key is configured", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("4A:00", yaml, StringComparison.Ordinal);

        var file = Path.Combine(_folder, "pasted.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var (configuration, problems) = ConfigurationLoader.Load(file, Catalog(new FakeRadio()));
        Assert.Equal("", string.Join('\n', problems.All.Where(p => !p.IsWarning)));
        Assert.Equal(["ruuvi-88-4f", "bthome-80-a5"], configuration!.Devices.Select(d => d.Id));
    }

    [Fact]
    public async Task Scan_WithAConfiguration_DecodesWithItsKeys_AndProposesOnlyWhatIsNew()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "cellar.key"), BtHomeKey + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "gateway.yaml"), """
            links: [{ id: hall, type: ble }]
            devices: [{ id: cellar, link: hall, address: "54:48:E6:8F:80:A5", key: { file: cellar.key } }, { id: porch, link: hall, address: "54:48:E6:00:00:01" }]
            """);
        var (_, output, _) = await ScanAsync([], s_plain, s_ruuvi, s_encrypted);
        Assert.Contains("porch (configured)", output, StringComparison.Ordinal);
        Assert.Contains("temperature 24.9 °C", output, StringComparison.Ordinal);
        Assert.Contains("cellar (configured)", output, StringComparison.Ordinal);
        Assert.Contains("temperature 25.06 °C", output, StringComparison.Ordinal);
        Assert.DoesNotContain("id: bthome-80-a5", output, StringComparison.Ordinal);
        Assert.DoesNotContain("links:", output, StringComparison.Ordinal);
        Assert.Contains("link: hall", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_Json_IsOneDocument()
    {
        var (_, output, _) = await ScanAsync(["--json"], s_ruuvi);
        var device = Assert.Single(JsonNode.Parse(output)!.AsArray())!;
        Assert.Equal(("CB:B8:33:4C:88:4F", "ruuvi", -50), ((string)device["address"]!, (string)device["decoder"]!, (int)device["rssi"]!));
        Assert.Equal((24.3m, "°C"), ((decimal)device["values"]!["temperature"]!["v"]!, (string)device["values"]!["temperature"]!["unit"]!));
    }

    [Fact]
    public async Task Scan_NobodyIsHeard_OrNoRadio_FailsWithWhatToDo()
    {
        var (code, _, error) = await ScanAsync([]);
        Assert.Equal(1, code);
        Assert.Contains("nobody was heard; bring a sensor nearer", error, StringComparison.Ordinal);

        var radio = new FakeRadio();
        (code, _, error) = await ScanAsync([], radio, () => radio.ChangeAsync(new(false, "there is no Bluetooth adapter", "plug one in")));
        Assert.Equal(1, code);
        Assert.Contains("edge-gateway: there is no Bluetooth adapter; plug one in", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_ALengthThatIsNone_IsWrongUsage()
    {
        var (code, _, error) = await RunAsync(new FakeRadio(), ["--for", "soon"], default);
        Assert.Equal(2, code);
        Assert.Contains("write for example 30s or 5m", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static BleAddress Address(string text) => BleAddress.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    private static Gateway.Core.IAdapterType[] Catalog(FakeRadio radio) => [new BleAdapterType((_, _, _, _) => radio)];

    private Task<(int Code, string Output, string Error)> ScanAsync(string[] options, params Advertisement[] heard)
    {
        var radio = new FakeRadio();
        return ScanAsync(options, radio, async () =>
        {
            foreach (var advertisement in heard)
            {
                await radio.HearAsync(advertisement);
            }
        });
    }

    /// <summary>Interrupted once everything has been heard.</summary>
    private async Task<(int Code, string Output, string Error)> ScanAsync(string[] options, FakeRadio radio, Func<Task> hearAsync)
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(radio, options, stop.Token);
        await hearAsync();
        await stop.CancelAsync();
        return await running;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(FakeRadio radio, string[] options, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.Create(Catalog(radio)).Parse(["scan", "ble", "--config", Path.Combine(_folder, "gateway.yaml"), .. options])
            .InvokeAsync(new() { Output = output, Error = error, EnableDefaultExceptionHandler = false }, cancellation);
        return (code, output.ToString(), error.ToString());
    }
}
