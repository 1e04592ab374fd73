using Gateway.Adapters;
using Gateway.Adapters.Lora;
using Gateway.Cli;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Which make is on a port, and what is heard with it.</summary>
public sealed class ModemProbeTests
{
    [Theory]
    [InlineData("rylr998", "rylr998 or rylr896")]
    [InlineData("rn2483", "rn2483")]
    [InlineData("lora-e5", "lora-e5")]
    [InlineData("rak3172", "rak3172")]
    public async Task Scan_OfAPort_FindsTheMake_AndWhatToPaste(string make, string expected)
    {
        await using var port = new ModemPort(LoraAdapterTests.Modem(make));
        var (code, output, _) = await RunAsync("scan", "lora", "--serial-port", port.Device);
        Assert.Equal(0, code);
        Assert.StartsWith($"{port.Device}: {expected} at 115200 baud", output);
        var yaml = output[output.IndexOf("  - {", StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains($"modem: {make}, serial-port: {port.Device}", yaml);
    }

    [Fact]
    public async Task Scan_OfAPortWhereNobodyIs_SaysWhatToCheck()
    {
        await using var port = new ModemPort(new SimulatedTransparent());
        var (code, _, error) = await RunAsync("scan", "lora", "--serial-port", port.Device);
        Assert.Equal(1, code);
        Assert.Contains("nobody answers", error);
    }

    [Fact]
    public async Task Scan_WithALink_ShowsWhoIsHeard()
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-lora-");
        try
        {
            var modem = new SimulatedReyax();
            await using var port = new ModemPort(modem);
            var file = Path.Combine(folder.FullName, "gateway.yaml");
            await File.WriteAllTextAsync(file, $"links: [{{ id: field, type: lora, modem: rylr998, serial-port: {port.Device}, region: eu868, frequency: 868.1MHz, unknown: list }}]\n", TestContext.Current.CancellationToken);
            var scan = RunAsync("scan", "lora", "--link", "field", "--for", "2s", "--config", file);
            while (!modem.Settings.ContainsKey("CRFOP"))
            {
                await Task.Delay(5, TestContext.Current.CancellationToken);
            }

            modem.Hear(Convert.FromHexString("036700D7"), from: 12, rssi: -70, snr: 7);
            var (code, output, error) = await scan;
            Assert.Equal((0, true), (code, error.Contains("listens", StringComparison.Ordinal)));
            Assert.Contains("node 12  -70 dBm  7 dB  036700D7  temperature-3 21.5 °C", output);
            Assert.Contains("  - { id: node-12, link: field, node: 12 }", output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("write --serial-port PATH")]
    [InlineData("write --serial-port PATH", "--serial-port", "/dev/ttyUSB0", "--link", "field")]
    [InlineData("not a duration", "--link", "field", "--for", "soon")]
    public async Task Scan_WrongUsage_Is2(string expected, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(["scan", "lora", .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(expected, error);
    }

    [Theory]
    [InlineData("+ERR=2", ModemMake.Rylr998)]
    [InlineData("\0\r\nOK", ModemMake.Rak3172)]
    [InlineData("RN2903 1.0.5 Nov 06 2018 10:45:27", ModemMake.Rn2903)]
    public void Recognise_AnAnswer_IsItsMake(string answer, ModemMake make) => Assert.Equal(make, ModemProbe.Recognise(answer)!.Makes[0]);

    [Theory]
    [InlineData("")]
    [InlineData("invalid_param")]
    [InlineData("\u00f8\u0000x")]
    public void Recognise_AnythingElse_IsNobody(string answer) => Assert.Null(ModemProbe.Recognise(answer));

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.Create(AdapterCatalog.All).Parse(arguments).InvokeAsync(new() { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
