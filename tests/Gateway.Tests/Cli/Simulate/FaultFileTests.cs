using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Cli;
using Gateway.Configuration;
using Gateway.Simulators;
using Gateway.Tests.Configuration;

namespace Gateway.Tests.Cli.Simulate;

/// <summary>The file of <c>simulate --faults</c>.</summary>
public sealed class FaultFileTests
{
    private readonly GatewayConfiguration _configuration = ConfigurationLoader.Load(Path.Combine(Repository.Samples, "modbus-transports.yaml"), AdapterCatalog.All).Configuration!;

    [Fact]
    public void Sample_FitsItsConfiguration()
    {
        var problems = new ProblemList();
        var script = FaultFile.Read(Path.Combine(Repository.Samples, "simulate", "faults.yaml"), _configuration, problems);
        Assert.Empty(problems.All);

        var scale = script!.For(Link("scales"));
        Assert.Equal([FaultKind.WrongChecksum, FaultKind.LeadingNoise, FaultKind.Half], scale[0].Faults.Select(f => f.Kind));
        Assert.Equal(((byte)1, 7), (scale[0].Unit, scale[0].EveryNth));
        var plc = script.For(Link("plc"));
        Assert.Equal((TimeSpan.FromMilliseconds(800), 0.05), (plc[0].Faults[0].Delay, plc[0].Share));
        Assert.Equal(ExceptionCode.ServerDeviceBusy, plc[1].Faults[0].Exception);
        var drive = script.For(Link("drive"));
        Assert.Equal((ExceptionCode.IllegalDataAddress, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(90)), (drive[0].Faults[0].Exception, drive[0].From, drive[0].Until));
        Assert.All(_configuration.Links, l => Assert.Contains(script.For((ModbusLinkOptions)l), r => r.Faults is [{ Kind: FaultKind.Silence }] && r.Share == 0.005));
    }

    [Fact]
    public void Kinds_ThatCannotHappenOnALink_AreLeftOutThere()
    {
        var script = FaultScript.Of(FaultWords.Parse("noise,silent,foreign,close", out _), 0.1);
        Assert.Equal([FaultKind.LeadingNoise, FaultKind.Silence], Kinds(script, "on-board"));
        Assert.Equal([FaultKind.LeadingNoise, FaultKind.Silence, FaultKind.Close], Kinds(script, "hall-3"));
        Assert.Equal([FaultKind.Silence, FaultKind.ForeignFirst], Kinds(script, "drive"));
        Assert.Equal([FaultKind.Silence, FaultKind.Close], Kinds(script, "substation"));
        Assert.Empty(FaultScript.Of(FaultWords.Parse("noise", out _), 0.1).For(Link("plc")));
    }

    [Theory]
    [InlineData("{ link: plv, kinds: silent }", "plan.yaml:1:18: there is no Modbus link \"plv\" with devices in the configuration; write plc")]
    [InlineData("{ device: scale-9, kinds: silent }", "plan.yaml:1:20: there is no Modbus device \"scale-9\" in the configuration; write scale-1")]
    [InlineData("{ device: press, unit: 1, kinds: silent }", "write device alone, or link and unit")]
    [InlineData("{ link: hall-3, unit: 5, kinds: silent }", "plan.yaml:1:32: no device on hall-3 has unit 5; there are 4")]
    [InlineData("{ unit: 9, kinds: silent }", "no device of the configuration has unit 9; there are 1, 2, 4, 7")]
    [InlineData("{ link: plc, kinds: noise }", "noise (sends noise before an answer (serial lines)) cannot happen on plc, a modbus-tcp link; what can: late, silent")]
    [InlineData("{ kinds: slient }", "plan.yaml:1:19: \"slient\" is none of late, silent")]
    [InlineData("{ kinds: [] }", "an empty list")]
    [InlineData("{ share: 5% }", "\"kinds\" is missing; add kinds: late")]
    [InlineData("{ kinds: late, share: 5 }", "5 has no %; write 5%")]
    [InlineData("{ kinds: late, share: 101% }", "101% is not a share above 0% and up to 100%")]
    [InlineData("{ kinds: late, share: many }", "is not a share above 0% and up to 100%; write 5%")]
    [InlineData("{ kinds: late, share: 5%, every-nth: 3 }", "share and every-nth exclude each other")]
    [InlineData("{ kinds: late, every-nth: 1 }", "1 is not a whole number from 2 to 1000000")]
    [InlineData("{ kinds: late, from: 10s, until: 10s }", "write more than 10s")]
    [InlineData("{ kinds: late, repeat: 1m }", "a window that never ends cannot come again")]
    [InlineData("{ kinds: late, until: 10s, repeat: 5s }", "write 10s or more")]
    [InlineData("{ kinds: silent, delay: 1s }", "nothing is delayed here")]
    [InlineData("{ kinds: busy, exception: 2 }", "write kinds: exception, or remove the key")]
    [InlineData("{ kinds: late, chance: 5% }", "unknown key \"chance\"")]
    public void Mistakes_AreNamedWithTheirPlaceAndWhatToWrite(string rule, string expected)
    {
        var problems = new ProblemList();
        Assert.Null(FaultFile.Parse($"faults: [{rule}]\n", "plan.yaml", _configuration, problems));
        Assert.Contains(expected, Assert.Single(problems.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsNotThereOrIsSomethingElse_IsNamed()
    {
        var problems = new ProblemList();
        Assert.Null(FaultFile.Read("/nowhere/plan.yaml", _configuration, problems));
        Assert.Contains("/nowhere/plan.yaml:1:1: there is no such file; name an existing fault plan with --faults FILE", Assert.Single(problems.All).ToString(), StringComparison.Ordinal);
        Assert.Null(FaultFile.Parse("links: []\n", "gateway.yaml", _configuration, problems));
        Assert.Contains(problems.All, p => p.ToString().Contains("\"faults\" is missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Words_ThatAreUnknown_AreNamedWithTheNearest()
    {
        FaultWords.Parse("late,chekcsum", out var near);
        FaultWords.Parse("tired", out var far);
        Assert.Equal("--faults chekcsum: write checksum, or the path of a file", near);
        Assert.StartsWith("--faults tired: there are late, silent", far, StringComparison.Ordinal);
    }

    private ModbusLinkOptions Link(string id) => (ModbusLinkOptions)_configuration.Links.First(l => l.Id == id);

    private IEnumerable<FaultKind> Kinds(FaultScript script, string link) => script.For(Link(link)).SelectMany(r => r.Faults).Select(f => f.Kind);
}
