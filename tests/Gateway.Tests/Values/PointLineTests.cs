using System.Text.Json;
using Gateway.Cli;
using Gateway.Core;
using Gateway.Values;

namespace Gateway.Tests.Values;

public sealed class PointLineTests
{
    public static TheoryData<PointValue, string> Values => new()
    {
        { PointValue.Of(231.40m), "231.4" },
        { PointValue.Of((decimal)ulong.MaxValue), "18446744073709551615" },
        { PointValue.Of(21.7f), "21.7" },
        { PointValue.Of(1e300), "1E+300" },
        { PointValue.Of(true), "true" },
        { PointValue.Of("pump \"a\" °"), "\"pump \\\"a\\\" °\"" },
        { PointValue.Of(float.NaN), "null" },
        { PointValue.None, "null" },
    };

    [Fact]
    public void Value_WithALabel_ShowsBoth()
    {
        var line = new PointLine { Device = "d", Point = "p", Value = PointValue.Of(2m), Label = "heating\u001b[2J" };
        Assert.DoesNotContain('\u001b', ValueText.Value(line));
        Assert.StartsWith("2 heating", ValueText.Value(line));
        Assert.Contains("\"label\":\"heating", JsonSerializer.Serialize(line, ValuesJson.Lines.PointLine));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_OnTheWay_LooksAsInThePayload(PointValue value, string json)
    {
        var text = JsonSerializer.Serialize(new PointLine { Device = "d", Point = "p", Value = value }, ValuesJson.Lines.PointLine);
        Assert.Equal($$"""{"device":"d","point":"p","value":{{json}}}""", text);

        var back = JsonSerializer.Deserialize(text, ValuesJson.Lines.PointLine)!;
        Assert.Equal(json, back.Value.Kind == PointValueKind.Text ? json : back.Value.ToString());
    }

    [Fact]
    public void Table_SaysWhyAValueIsBad_AndNothingSteersTheTerminal()
    {
        PointLine[] lines =
        [
            new() { Device = "boiler", Point = "t", Value = PointValue.Of(21.5m), Unit = "°C", Quality = "good", AgeMs = 1_000 },
            new() { Device = "meter-1", Point = "energy", Quality = "bad", Error = "illegal data address\u001b[2J", Unit = "Wh", AgeMs = 125_000 },
            new() { Device = "meter-1", Point = "new" },
        ];

        Assert.Equal(
            [
                "DEVICE   POINT   VALUE  UNIT  QUALITY                               AGE",
                "boiler   t        21.5  °C    good                                   2s",
                "meter-1  energy      -  Wh    bad: illegal data address\\u{1b}[2J  2m 6s",
                "meter-1  new         -        not read yet                            -",
            ],
            ValuesTable.Lines(lines, static _ => TimeSpan.FromSeconds(1)));
    }
}
