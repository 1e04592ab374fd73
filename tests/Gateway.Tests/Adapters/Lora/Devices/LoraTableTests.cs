using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Links, nodes and points as one writes them, and what is said of mistakes.</summary>
public class LoraTableTests
{
    [Fact]
    public void Link_WithWhatItNeeds_HasTheMakersBaudAndTheDefaults()
    {
        var link = LoraMap.GoodLink("modem: lora-e5");
        Assert.Equal((ModemMake.LoraE5, 9600, 868_100_000L, 9, 125_000), (link.Modem, link.Serial.Baud, link.Modulation.Frequency, link.Modulation.SpreadingFactor, link.Modulation.Bandwidth));
        Assert.Equal("/dev/ttyUSB0 9600 8N1", link.Address);
        Assert.Equal("/dev/ttyUSB0", link.DeviceNode);
    }

    [Theory]
    [InlineData("modem: e22", "write ebyte")]
    [InlineData("modem: rylr99", "write rylr998")]
    [InlineData("region: eu", "is not known here")]
    [InlineData("frequency: 868.1", "has no unit; write 868.1MHz")]
    [InlineData("frequency: 868.1GHz", "is not a frequency")]
    [InlineData("frequency: 868.65MHz", "is not inside a band of eu868; choose within 863 to 865 MHz")]
    [InlineData("power: 20", "allows 14 dBm e.r.p. on 868 to 868.6 MHz; write power: 14 (ERC Recommendation 70-03")]
    [InlineData("power: 20", "or override-region: true")]
    [InlineData("region: us915\nfrequency: 915MHz\nspreading-factor: 12", "choose a lower spreading-factor")]
    [InlineData("bandwidth: 62.5kHz", "write 125kHz, 250kHz or 500kHz")]
    [InlineData("rssi-byte: half", "this is for modem: ebyte")]
    [InlineData("sync-word: 18", "this is for modem: rn2483 and rn2903; remove it: this modem is not told")]
    [InlineData("modem: rak3172\nnetwork-id: 18", "this is for modem: rylr998 and rylr896")]
    [InlineData("modem: lora-e5\nmodem-address: 3", "this is for modem: rylr998 and rylr896")]
    [InlineData("modem: rak3172\ncrc: false", "this is for modem: rn2483")]
    [InlineData("modem: rak3172\nbandwidth: 62.5kHz", "write 125kHz, 250kHz or 500kHz")]
    [InlineData("modem: rylr896\nbandwidth: 60kHz", "write 7.8kHz, 10.4kHz, 15.6kHz")]
    [InlineData("modem: generic\npattern: \"(?<payload>.*)\"\npayload: text\nframes: own", "bytes that are no text; write payload: hex")]
    [InlineData("frames: own\nnode-bytes: 1", "the frame says who sent it")]
    [InlineData("modem: generic", "add pattern:")]
    [InlineData("pattern: \"(?<payload>.*)\"", "pattern is for modem: generic")]
    [InlineData("modem: generic\npattern: \"^RX (.*)$\"", "the pattern has no group payload")]
    [InlineData("modem: generic\npattern: \"(?<payload>x\"", "not a regular expression")]
    [InlineData("modem: generic\npattern: \"(?<payload>(?=x).*)\"", "a pattern with lookarounds")]
    public void Link_WrittenWrong_SaysWhatToWrite(string keys, string expected)
    {
        var problems = LoraMap.Link(keys).Problems;
        Assert.Contains(expected, problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Fact]
    public void Link_OverridingTheRegion_MayWhatItSays() => Assert.True(LoraMap.GoodLink("power: 20\noverride-region: true").OverridesRegion);

    [Theory]
    [InlineData("node: 70000", "is not a whole number from 0 to 65535")]
    [InlineData("node: 12\ndecoder: cayene-lpp", "write cayenne-lpp")]
    [InlineData("node: 12\ndecoder: { fields: [{ id: t, type: int17 }] }", "write int1")]
    [InlineData("node: 12\npoints: [{ id: p, write: {} }]", "add command: { type: uint8 }, or remove write")]
    [InlineData("node: 12\npoints: [{ id: p, command: { type: uint8 } }]", "add write: {}, or remove command")]
    [InlineData("node: 12\npoints: [{ id: p, command: { type: uint8, prefix: A }, write: {} }]", "is not bytes as hexadecimal digits")]
    [InlineData("node: 12\npoints: [{ id: p, command: { port: 1 }, write: {} }]", "\"type\" is missing")]
    public void Device_WrittenWrong_SaysWhatToWrite(string keys, string expected)
    {
        var problems = LoraMap.Device(keys).Problems;
        Assert.Contains(expected, problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Fact]
    public void Point_OfALinkThatOnlyReceives_CannotBeWritten() =>
        Assert.Contains("add send to the link", LoraMap.Device(
            "node: 12\npoints: [{ id: p, command: { type: uint8 }, write: {} }]", LoraMap.GoodLink("modem: generic\npattern: \"^(?<from>[0-9]+) (?<payload>.+)$\"")).Problems);

    [Theory]
    [InlineData("{ type: uint8 }", "7", "07")]
    [InlineData("{ type: int16, scale: 0.1, prefix: A1 }", "-1.5", "A1FFF1")]
    [InlineData("{ type: uint16, byte-order: little, offset: 10 }", "267", "0101")]
    public void Command_OfAValue_IsItsBytes(string command, string value, string expected)
    {
        var device = LoraMap.Good($"node: 12\npoints: [{{ id: p, command: {command}, write: {{}} }}]", LoraMap.Link().Link);
        var format = ((LoraPoint)device.Points[0].Address).Command!;
        Assert.Null(format.Encode(Gateway.Adapters.Payloads.NumberText.Value(value), out var payload));
        Assert.Equal(expected, Convert.ToHexString(payload));
        Assert.NotNull(format.Encode(Gateway.Adapters.Payloads.NumberText.Value("100000"), out _));
    }
}
