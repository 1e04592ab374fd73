using System.Text.RegularExpressions;
using Gateway.Simulators;

namespace Gateway.Tests.Simulators;

/// <summary>Lines made up from the patterns that describe them.</summary>
public class PatternSampleTests
{
    private static string Of(string pattern) => PatternSample.Of(pattern, group => group switch { "payload" => ["0a1B", "0A1B"], "rssi" => ["-60", "60"], _ => [] });

    [Theory]
    [InlineData("^RX (?<payload>[0-9A-F]+) (?<rssi>-[0-9]+)$", "RX 0A1B -60")]
    [InlineData("^RX (?<payload>.+) -(?<rssi>\\d+)$", "RX 0a1B -60")]
    [InlineData("(?i)^\\+recv=(?:\\d+,){2}(?<payload>[0-9a-f]*)(,(?<rssi>-?\\d+))?$", "+recv=0,0,0a1B,-60")]
    [InlineData("^(OK|ok)\\s*$", "OK")]
    [InlineData("a{3}b{2,}c?d*e+?", "aaabbe")]
    [InlineData("[^0-9,\\]][]x][\\w-[0-9]]\\.", "AxA.")]
    [InlineData("\\x41\\u0042\\p{Lu}\\bz", "ABAz")]
    [InlineData("{1}x{", "{1}x{")]
    [InlineData("(?'payload'[0-9A-F]{8})", "00000000")]
    public void Sample_OfAPattern_IsMatchedByIt(string pattern, string expected) => Assert.Equal(expected, Of(pattern));

    [Theory]
    [InlineData("(((")]
    [InlineData("[")]
    [InlineData("\\")]
    [InlineData("a{99999}")]
    [InlineData("(?<payload")]
    public void Sample_OfWhatIsNoPattern_Ends(string pattern) => Assert.InRange(Of(pattern).Length, 0, 1000);

    [Fact]
    public void Sample_OfDefaults_IsMatched()
    {
        var modem = new Gateway.Adapters.Lora.GenericModem("(?<payload>.*)", default);
        Assert.Matches(modem.Ok, PatternSample.Of(modem.Ok));
        Assert.Matches(new Regex(modem.Error), PatternSample.Of(modem.Error));
    }
}
