using System.Net;
using System.Text.RegularExpressions;
using Gateway.Adapters;
using Gateway.Bridge;
using Gateway.Setup;

namespace Gateway.Tests.Setup;

public sealed partial class FirstConfigurationTests
{
    private static readonly Surroundings s_bare = new("raspberrypi", [], [], [], 1883, null);

    private static readonly FirstAnswers s_all = new()
    {
        Id = "gw-7", Root = "acme/berlin", Modbus = ("fe80::1", 1502), Cloud = new UpstreamServer("cloud.example", 8883, Tls: true),
    };

    [Fact]
    public void Bare_Machine_RunsABrokerForTheLan()
    {
        var configuration = Load(new FirstConfiguration(s_bare, new(), data: null).Write());

        Assert.Null(configuration.Gateway.Id);
        Assert.Equal("edge", configuration.Gateway.Root);
        Assert.Equal(("0.0.0.0", 1883), (configuration.Broker.Listeners[0].Bind, configuration.Broker.Listeners[0].Port));
        Assert.Empty(configuration.Links);
        Assert.Empty(configuration.Bridges);
    }

    [Fact]
    public void Answers_AreInIt()
    {
        var configuration = Load(new FirstConfiguration(s_bare, s_all, "./data").Write());

        Assert.Equal(("gw-7", "acme/berlin"), (configuration.Gateway.Id, configuration.Gateway.Root));
        Assert.EndsWith("/data", configuration.Gateway.Data, StringComparison.Ordinal);
        Assert.Equal("[fe80::1]:1502", Assert.Single(configuration.Links).Address);
        Assert.Equal("plc", Assert.Single(configuration.Devices).Link.Id);
        Assert.Equal("mqtts://cloud.example:8883", Assert.Single(Assert.Single(configuration.Bridges).Servers).ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Examples_WithoutTheirCommentSign_WorkToo(bool answered)
    {
        var text = new FirstConfiguration(s_bare, answered ? s_all : new(), data: null).Write();
        var whole = Example().Replace(text, "$1");

        // A bridge's password and a listener's certificate are files that only the installer has.
        whole = string.Join('\n', whole.Split('\n').Where(static l => !l.Contains("file: cloud.secret", StringComparison.Ordinal) && !l.Contains("tls: {", StringComparison.Ordinal)));
        var configuration = Load(whole);

        Assert.NotEmpty(configuration.Devices[0].Points);
        Assert.Equal(3 - (answered ? 0 : 1), configuration.Devices[0].Points.Count);
        Assert.Equal("gw-berlin-01", Assert.Single(configuration.Bridges).Username);
    }

    [Fact]
    public void Hardware_IsListedAndCannotSmuggleAnythingIn()
    {
        var found = s_bare with
        {
            Addresses = [IPAddress.Parse("192.0.2.7")],
            Serial = [new("/dev/ttyUSB0", "/dev/serial/by-id/usb-FTDI_A50285BI", "ftdi_sio", "evil\nbroker: { anonymous: true }\u001b[2J", null, null, null)],
            Radios = [new("hci0", "B8:27:EB:00:11:22", "btusb", null, null)],
            Port = 1884,
            PortHolder = "mosquitto (pid 7)",
        };
        var text = new FirstConfiguration(found, new(), data: null).Write();

        Assert.Contains("#   /dev/serial/by-id/usb-FTDI_A50285BI, ftdi_sio, evil\\nbroker", text, StringComparison.Ordinal);
        Assert.Contains("#   hci0, B8:27:EB:00:11:22, btusb", text, StringComparison.Ordinal);
        Assert.Contains("# Port 1883 was taken by mosquitto (pid 7)", text, StringComparison.Ordinal);
        Assert.Contains("this machine was 192.0.2.7:1884", text, StringComparison.Ordinal);
        var configuration = Load(text);
        Assert.False(configuration.Broker.Anonymous);
        Assert.Equal(1884, configuration.Broker.Listeners[0].Port);
    }

    [Theory]
    [InlineData("on site: \"north\" 7")]
    [InlineData("null")]
    [InlineData("@home")]
    [InlineData("äöü")]
    public void Root_OfAnyText_ComesBackAsItWas(string root)
    {
        var answers = new FirstAnswers();
        Assert.Null(FirstAnswer.Root(root, ref answers));

        Assert.Equal(root, Load(new FirstConfiguration(s_bare, answers, data: null).Write()).Gateway.Root);
    }

    [GeneratedRegex(@"^( *)# (?=( *- |[a-z]+:| +[a-z-]+:(?= |$)))", RegexOptions.Multiline)]
    private static partial Regex Example();

    private static GatewayConfiguration Load(string text)
    {
        var (configuration, problems) = ConfigurationLoader.Parse(text, "gateway.yaml", AdapterCatalog.All);
        Assert.Empty(problems.All.Where(static p => !p.IsWarning).Select(static p => p.ToString()));
        return configuration!;
    }
}
