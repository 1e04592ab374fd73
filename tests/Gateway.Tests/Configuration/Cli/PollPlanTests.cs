using System.Text.Json.Nodes;
using Gateway.Adapters;
using Gateway.Cli;

namespace Gateway.Tests.Configuration.Cli;

public sealed class PollPlanTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plan").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> CheckAsync(string yaml, params string[] options) => (await RunAsync(yaml, ["--plan", .. options])).Output;

    private async Task<(string Output, string Error)> RunAsync(string yaml, params string[] options)
    {
        var file = Path.Combine(_folder, "gateway.yaml");
        await File.WriteAllTextAsync(file, yaml);
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLine.Create(AdapterCatalog.All).Parse(["check", "--config", file, .. options]).InvokeAsync(new() { Output = output, Error = error });
        Assert.True(code == 0, error.ToString());
        return (output.ToString(), error.ToString());
    }

    private static string Line(string every, string device = "") => $$"""
        links:
          - { id: line, type: modbus-rtu, serial-port: /dev/ttyUSB0, baud: 19200, parity: even }
        devices:
          - id: meter
            link: line
            unit-id: 17
            {{device}}
            points:
              - { id: a, register: input 0, type: float32, every: {{every}} }
              - { id: b, register: input 2, type: float32, every: {{every}} }
              - { id: c, register: input 18, type: float32, every: {{every}} }
        """;

    [Fact]
    public async Task Plan_SerialLine_SaysWhatIsReadAndHowFullTheWireIs()
    {
        // 8 and 45 characters of 11 bits at 19200 baud, and twice 3.5 of silence: 34.4 ms each second.
        var text = await CheckAsync(Line("1s"));
        Assert.Contains("meter  unit 17  4 read input registers  input 0..19  every 1s  8 + 45 bytes  34.4 ms  3 points: a, b, c", text, StringComparison.Ordinal);
        Assert.Contains("load     3 % of the wire's time; 4 % if each device takes 5 ms to answer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("45ms", "warning: nearly full")]
    [InlineData("36ms", "warning: this line can carry it only if its devices answer faster")]
    [InlineData("17ms", "warning: this line cannot carry it: about 51 % of the polls will be left out")]
    public async Task Plan_LineIsFull_WarnsWithARemedy(string every, string expected)
    {
        var text = await CheckAsync(Line(every));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains("raise baud (now 19200)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_LineThatCannotCarryWhatIsAsked_IsWarnedOfWithoutBeingAsked()
    {
        Assert.Contains("warning: what is asked on line takes 202 % of the line's time: about 51 % of the polls will be left out; poll slower (every)", (await RunAsync(Line("17ms"))).Error, StringComparison.Ordinal);
        Assert.Equal("", (await RunAsync(Line("36ms"))).Error);
    }

    [Fact]
    public async Task Plan_WhatTheDeviceWants_IsKept()
    {
        Assert.Contains("input 18..19", await CheckAsync(Line("1s", "max-gap: 0")), StringComparison.Ordinal);
        Assert.Contains("plan     line: 3 reads", await CheckAsync(Line("1s", "one-request-per-point: true")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_ForPrograms_HasTheSame()
    {
        var line = JsonNode.Parse(await CheckAsync(Line("17ms"), "--json"))!["plan"]![0]!;
        Assert.Equal("overloaded", (string?)line["load"]!["state"]);
        Assert.Equal(["a", "b", "c"], line["reads"]![0]!["points"]!.AsArray().Select(p => (string)p!));
        Assert.Equal((8, 45, 17), ((int)line["reads"]![0]!["request-bytes"]!, (int)line["reads"]![0]!["response-bytes"]!, (int)line["reads"]![0]!["every-ms"]!));
    }

    [Fact]
    public async Task Plan_Ascii_CountsTwoCharactersForEachByte()
    {
        // 17 and 91 characters of 11 bits.
        var text = await CheckAsync(Line("1s").Replace("modbus-rtu", "modbus-ascii", StringComparison.Ordinal));
        Assert.Contains("17 + 91 bytes  ", text, StringComparison.Ordinal);
        Assert.Contains("of the wire's time", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modbus-tcp", "12 + 10 bytes")]
    [InlineData("modbus-udp", "12 + 10 bytes")]
    [InlineData("modbus-rtu-over-tcp", "8 + 6 bytes")]
    [InlineData("modbus-ascii-over-tcp", "17 + 13 bytes")]
    public async Task Plan_EveryNetworkTransport_CountsItsFrames(string type, string expected) => Assert.Contains(expected, await CheckAsync($$"""
        links:
          - { id: plc, type: {{type}}, host: 127.0.0.1, port: 1502 }
        devices:
          - { id: boiler, link: plc, points: [{ id: pump, register: coil 3 }] }
        """), StringComparison.Ordinal);

    [Fact]
    public async Task Plan_Tcp_HasNoLoad()
    {
        var text = await CheckAsync("""
            links:
              - { id: plc, type: modbus-tcp, host: 127.0.0.1 }
            devices:
              - { id: boiler, link: plc, points: [{ id: pump, register: coil 3 }] }
            """);
        Assert.Contains("boiler  unit 1  1 read coils  coil 3  every 1s  12 + 10 bytes  1 point: pump", text, StringComparison.Ordinal);
        Assert.DoesNotContain("load", text, StringComparison.Ordinal);
    }
}
