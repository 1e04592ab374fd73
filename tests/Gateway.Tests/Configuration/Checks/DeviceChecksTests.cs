using Gateway.Adapters;

namespace Gateway.Tests.Configuration;

/// <summary>Keys that are not there or are none, Bluetooth devices that are one, ports that are no ports, and who is let in.</summary>
public sealed class DeviceChecksTests : IDisposable
{
    private const string Radio = "links: [{ id: radio, type: ble }]\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-gateway-checks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("decoder: bthome, key: { file: none.key }", "none.key (the key of a) is not there; put it there: a stays offline without it")]
    [InlineData("decoder: bthome, key: { file: short.key }", "short.key: the key of a is not 32 hexadecimal digits (4 characters)")]
    [InlineData("key: { file: short.key }", "short.key: the key of a is not 32 or 24 hexadecimal digits (4 characters)")]
    [InlineData("points: [{ id: p, characteristic: 2a19 }], pairing: { passkey: { file: short.key } }", "short.key: the passkey of a is not six digits")]
    public void Key_ThatIsNone_IsAWarning_WithoutItsText(string device, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "short.key"), "0102\n");
        var problem = Assert.Single(Problems(Radio + $"devices: [{{ id: a, link: radio, address: \"54:48:E6:8F:80:A5\", {device} }}]\n"));
        Assert.StartsWith("gateway.yaml:2:11: warning: ", problem, StringComparison.Ordinal);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("0102", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ThatIsOne_IsNothingToTalkAbout()
    {
        File.WriteAllText(Path.Combine(_folder, "good.key"), "23:1d:39:c1:d7:cc:1a:b1:ae:e2:24:cd:09:6d:b9:32\n");
        Assert.Empty(Problems(Radio + "devices: [{ id: a, link: radio, address: \"54:48:E6:8F:80:A5\", decoder: bthome, key: { file: good.key } }]\n"));
    }

    [Theory]
    [InlineData("links: [{ id: radio, type: ble }]\ndevices: [{ id: a, link: radio, address: \"54:48:E6:8F:80:A5\" }, { id: b, link: radio, address: \"54:48:e6:8f:80:a5\" }]\n", "gateway.yaml:2:65: b and a both have the address 54:48:E6:8F:80:A5")]
    [InlineData("links: [{ id: one, type: ble }, { id: two, type: ble }]\n", "gateway.yaml:1:33: the links one and two both listen with the first controller")]
    [InlineData("links: [{ id: one, type: ble, controller: hci1 }, { id: two, type: ble }]\n", "warning: two listens with the first controller that is there, which may be that of one; name a controller: for each link")]
    [InlineData("links: [{ id: bus, type: modbus-rtu, serial-port: ttyUSB0 }]\n", "gateway.yaml:1:51: \"ttyUSB0\" is not a whole path; write /dev/ttyUSB0")]
    [InlineData("links: [{ id: bus, type: modbus-rtu, serial-port: /dev/ttyUSB0 }, { id: field, type: lora, modem: rylr998, baud: 115200, region: eu868, frequency: 868.1MHz, serial-port: /dev/ttyUSB0 }]\n", "a line has one protocol: name another port")]
    public void WhatCannotBe_IsToldWithItsRemedy(string yaml, string expected) => Assert.Contains(expected, Assert.Single(Problems(yaml), static p => !p.Contains("no device is on the link", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void LetIn_HasItsTopicsInTheSummary()
    {
        var (configuration, _) = ConfigurationLoader.Parse(
            "links: [{ id: radio, type: ble, unknown: { allow: [\"A4:C1:*\"], id: \"tag-{address}\" } }]\n", "gateway.yaml", AdapterCatalog.All);
        var summary = ConfigurationSummary.Of(configuration!);
        Assert.Contains("  lets in \"A4:C1:*\" as tag-{address}, 64 at most", summary, StringComparison.Ordinal);
        Assert.Contains("edge/tag-{address}/telemetry/+\n", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("tag-{address}/set", summary, StringComparison.Ordinal);
        Assert.Equal("edge/tag-{address}/status", (string?)ConfigurationSummaryJson.Of(configuration!)["links"]![0]!["lets-in"]!["topics"]![1]!["topic"]);
    }

    private List<string> Problems(string yaml)
    {
        var (_, problems) = ConfigurationLoader.Parse(yaml, Path.Combine(_folder, "gateway.yaml"), AdapterCatalog.All);
        return [.. problems.All.Select(p => p.ToString().Replace(_folder + "/", "", StringComparison.Ordinal))];
    }
}
