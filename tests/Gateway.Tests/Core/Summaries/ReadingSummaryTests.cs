using System.Text;
using Gateway.Core;

namespace Gateway.Tests.Core.Summaries;

public sealed class ReadingSummaryTests
{
    private const long Minute = 1_736_430_000_000;

    [Fact]
    public void Write_ThreeReadings_IsTheLastOneWithWhatWasBeforeIt() => Assert.Equal(
        """{"v":19.9,"ts":1736430042000,"unit":"°C","q":"good","seq":43,"boot":7,"min":19.9,"max":22.40,"mean":21.1,"count":3,"from":1736430000000,"window":60000,"schema":"reading-summary.v1"}""",
        Sum(
            """{"v":22.40,"ts":1736430000000,"unit":"°C","q":"good","seq":41,"boot":7,"schema":"reading.v1"}""",
            """{"v":21,"ts":1736430020000,"unit":"°C","q":"good","seq":42,"boot":7,"schema":"reading.v1"}""",
            """{"v":19.9,"ts":1736430042000,"unit":"°C","q":"good","seq":43,"boot":7,"schema":"reading.v1"}"""));

    public static TheoryData<string[], string, string, string> Numbers => new()
    {
        { ["0.1", "0.2"], "0.1", "0.2", "0.15" },
        { ["231.4", "231.4", "231.4", "231.4", "231.4", "231.4", "231.4"], "231.4", "231.4", "231.4" },
        { ["1", "2", "2"], "1", "2", "1.66666666666667" },
        { ["18446744073709551615", "18446744073709551613"], "18446744073709551613", "18446744073709551615", "1.84467440737096E+19" },
        { ["-0.5", "0", "0.5"], "-0.5", "0.5", "0" },
        { ["1E+300", "3E+300"], "1E+300", "3E+300", "2E+300" },
        { ["1E-300", "3E-300"], "1E-300", "3E-300", "2E-300" },
        { ["1E+27", "1E+27", "1"], "1", "1E+27", "6.66666666666667E+26" },
        { ["231.4", "231.39999"], "231.39999", "231.4", "231.399995" },
        { ["16777217", "16777216"], "16777216", "16777217", "16777216.5" },
    };

    [Theory, MemberData(nameof(Numbers))]
    public void Write_Numbers_AreExact(string[] values, string min, string max, string mean) =>
        Assert.Contains($"\"min\":{min},\"max\":{max},\"mean\":{mean},\"count\":{values.Length},", Sum([.. values.Select((v, i) => Reading(v, i * 1000))]), StringComparison.Ordinal);

    [Fact]
    public void Write_BadOnesAmongThem_CountAndHaveNoNumber()
    {
        var sum = Sum(Reading("5", 0), Reading("7", 1000), """{"v":null,"ts":1736430002000,"q":"bad","error":"timeout","seq":3,"boot":7,"schema":"reading.v1"}""");
        Assert.Equal(
            """{"v":null,"ts":1736430002000,"q":"bad","error":"timeout","seq":3,"boot":7,"min":5,"max":7,"mean":6,"count":3,"numbers":2,"from":1736430000000,"window":60000,"schema":"reading-summary.v1"}""",
            sum);
    }

    [Theory, InlineData("true", "false"), InlineData("\"open\"", "\"shut\""), InlineData("null", "{\"value\":3,\"label\":\"heating\"}")]
    public void Write_WhatIsNoNumber_IsTheLastAndHowMany(string first, string last)
    {
        var sum = Sum(Reading(first, 0), Reading(last, 1000));
        Assert.StartsWith($"{{\"v\":{last},\"ts\":1736430001000,", sum, StringComparison.Ordinal);
        Assert.Contains(",\"count\":2,\"numbers\":0,\"from\":1736430000000,", sum, StringComparison.Ordinal);
        Assert.DoesNotContain("min", sum, StringComparison.Ordinal);
        Assert.DoesNotContain("mean", sum, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_Summaries_IsAsIfTheirReadingsHadBeenAdded()
    {
        var readings = Enumerable.Range(0, 40).Select(i => Reading($"{(i * 7 % 13) + 0.25m}".Replace(',', '.'), i * 1000)).ToArray();
        var halves = Sum(Encoding.UTF8.GetBytes(Sum(readings[..12])), Encoding.UTF8.GetBytes(Sum(readings[12..])));
        Assert.Equal(Sum(readings), halves);
        Assert.Contains(",\"count\":40,\"from\":1736430000000,", halves, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OlderOne_KeepsTheLast()
    {
        var sum = Sum(Reading("2", 5000), Reading("1", 0));
        Assert.StartsWith("""{"v":2,"ts":1736430005000,""", sum, StringComparison.Ordinal);
        Assert.Contains("\"from\":1736430000000,", sum, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("21.5")]
    [InlineData("{")]
    [InlineData("""{"v":1,"ts":5}""")]
    [InlineData("""{"v":1,"schema":"reading.v1"}""")]
    [InlineData("""{"v":1,"ts":"today","schema":"reading.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"schema":"reading.v1"} and more""")]
    [InlineData("""{"v":1,"ts":5,"schema":"reading.v1" """)]
    [InlineData("""{"ts":1736430000123,"seq":1,"boot":7,"points":{"t":{"v":1,"ts":1736430000123,"q":"good"}},"schema":"telemetry.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":6,"count":2,"window":60000,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":0,"window":60000,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":2,"window":60000,"min":1,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":2,"numbers":3,"window":60000,"min":1,"max":1,"mean":1,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":2,"numbers":0,"window":60000,"min":1,"max":1,"mean":1,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":2,"numbers":1,"window":60000,"schema":"reading-summary.v1"}""")]
    [InlineData("""{"v":1,"ts":5,"from":4,"count":4611686018427387904,"window":60000,"min":1,"max":1,"mean":1,"schema":"reading-summary.v1"}""")]
    public void Read_WhatIsNotOurs_IsNone(string payload) => Assert.Null(SummaryPart.Read(Encoding.UTF8.GetBytes(payload)));

    [Fact]
    public void Read_UnsyncedClock_IsOfItsBoot()
    {
        Assert.Equal(7, SummaryPart.Read("""{"v":1,"ts":5,"seq":1,"boot":7,"clock":"unsynced","schema":"reading.v1"}"""u8)!.Value.Unsynced);
        Assert.Null(SummaryPart.Read("""{"v":1,"ts":5,"seq":1,"boot":7,"schema":"reading.v1"}"""u8)!.Value.Unsynced);
    }

    [Theory, InlineData(0, 60_000), InlineData(1, 600_000), InlineData(2, 3_600_000), InlineData(3, 86_400_000)]
    public void Windows_Level_HoldsItsTimesAndDividesTheNext(int level, long length)
    {
        Assert.Equal(length, SummaryWindow.Length(level));
        Assert.Equal(level, SummaryWindow.Above(length - 1));
        Assert.Equal(Math.Min(level + 1, SummaryWindow.Longest), SummaryWindow.Above(length));
        foreach (var time in (long[])[0, 1, length - 1, length, Minute + 59_999, -1, -length])
        {
            var start = SummaryWindow.StartOf(time, level);
            Assert.Equal(0, start % length);
            Assert.InRange(time - start, 0, length - 1);
        }
    }

    private static byte[] Reading(string value, long after) => Encoding.UTF8.GetBytes($$"""{"v":{{value}},"ts":{{Minute + after}},"q":"good","seq":1,"boot":7,"schema":"reading.v1"}""");

    private static string Sum(params string[] payloads) => Sum([.. payloads.Select(Encoding.UTF8.GetBytes)]);

    private static string Sum(byte[] first, byte[] second, string third) => Sum([first, second, Encoding.UTF8.GetBytes(third)]);

    private static string Sum(params byte[][] payloads)
    {
        var sum = new ReadingSummary(SummaryPart.Read(payloads[0])!.Value, payloads[0]);
        foreach (var payload in payloads[1..])
        {
            sum.Add(SummaryPart.Read(payload)!.Value, payload);
        }

        return Encoding.UTF8.GetString(sum.Write(0));
    }
}
