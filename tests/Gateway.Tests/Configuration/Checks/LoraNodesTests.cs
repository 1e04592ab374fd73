using Gateway.Adapters;

namespace Gateway.Tests.Configuration;

/// <summary>Nodes that could never be heard, keys whose counters nobody keeps, figures that nobody compared.</summary>
public class LoraNodesTests
{
    private static string Problems(string link, string devices)
    {
        var problems = new Gateway.Configuration.ProblemList();
        ConfigurationLoader.Load(
            [new("gateway.yaml", $"links: [{{ id: field, type: lora, serial-port: /dev/ttyUSB0, {link} }}]\ndevices: [{devices}]\n")], AdapterCatalog.All, problems);
        return string.Join('\n', problems.All);
    }

    [Theory]
    [InlineData("modem: rn2483", "{ id: a, link: field, node: 12 }", "add frames: own or node-bytes: 1 to the link, or remove node")]
    [InlineData("modem: rn2483, frames: own", "{ id: a, link: field }", "a names no node")]
    [InlineData("modem: rn2483, frames: own", "{ id: a, link: field, node: 0 }", "is node 0, which nobody is")]
    [InlineData("modem: rylr998", "{ id: a, link: field, node: 12 }, { id: b, link: field, node: 12 }", "b and a are both node 12")]
    [InlineData("modem: rn2483", "{ id: a, link: field }, { id: b, link: field }", "b and a are both any node")]
    [InlineData("modem: rylr998", "{ id: a, link: field, node: 12, key: { env: KEY } }", "only own frames are encrypted")]
    [InlineData("modem: ebyte, node-bytes: 1", "{ id: a, link: field, node: 256 }", "a is node 256, and node-bytes: 1 counts to 255; write node-bytes: 2")]
    [InlineData("modem: rn2483, unknown: { allow: '*' }", "", "nobody can be let in on field: nothing there says which node sent a packet; add frames: own or node-bytes: 1")]
    [InlineData("modem: rylr998, unknown: { allow: '*' }", "{ id: a, link: field }", "nobody can be let in on field: a names no node and takes everything; add node: to a")]
    [InlineData("modem: rylr998, unknown: allow", "", "which devices are allowed is not said; write { allow: [\"1*\"] }")]
    public void Node_ThatCouldNeverBeHeard_IsAnError(string link, string devices, string expected)
    {
        var problems = Problems($"region: eu868, frequency: 868.1MHz, watchdog: false, baud: 9600, {link}", devices);
        Assert.Contains(expected, problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Fact]
    public void Nodes_ThatAreRight_AreNothingToTalkAbout() =>
        Assert.Equal("", Problems("region: eu868, frequency: 868.1MHz, modem: ebyte, frames: own", "{ id: a, link: field, node: 12, key: { env: KEY } }, { id: b, link: field, node: 13 }"));

    [Theory]
    [InlineData("lora-e5", "watchdog: true", "gateway.yaml:1:9: warning: the driver of the modem of field is unverified in part (what it answers while it receives, as the watchdog asks it): this could not be compared with the maker's document; if the log tells")]
    [InlineData("rylr998", "modem-address: 1", "warning: the driver of the modem of field is unverified in part (that it ships with 115200 baud): this could not be compared with the maker's document; write baud:")]
    [InlineData("rak3172", "power: 14", "")]
    public void Modem_OfWhichSomethingIsUnverified_IsTold(string make, string key, string expected)
    {
        var problems = Problems($"region: eu868, frequency: 868.1MHz, modem: {make}, {key}", "{ id: a, link: field }");
        Assert.Equal(expected.Length > 0, problems.Length > 0);
        Assert.StartsWith(expected, problems[Math.Max(0, problems.IndexOf(expected, StringComparison.Ordinal))..]);
    }

    [Theory]
    [InlineData("", "type: uint8", false)]
    [InlineData("", "type: uint16", true)]
    [InlineData("", "prefix: 0D, type: uint8", true)]
    [InlineData(", frames: own", "type: uint8", true)]
    public void Modem_ThatSendsWhatMayHoldALineEnd_IsToldMore(string link, string command, bool isTold) => Assert.Equal(isTold, Problems(
        $"region: eu868, frequency: 868.1MHz, modem: rylr998{link}", $"{{ id: a, link: field, node: 12, points: [{{ id: p, command: {{ {command} }}, write: {{}} }}] }}")
        .Contains("unverified in part (that it sends data with line ends in it whole", StringComparison.Ordinal));

    [Fact]
    public void Region_WhoseFiguresNobodyCompared_IsTold()
    {
        var problems = Problems("region: as923, frequency: 923.2MHz, modem: rylr998", "{ id: a, link: field, node: 12 }");
        Assert.Contains("warning: what as923 allows on 920 to 925 MHz could not be compared with LoRa Alliance RP002, AS923: 16 dBm, no duty cycle; compare it with the rules of your country", problems);
    }
}
