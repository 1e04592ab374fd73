using System.Text;
using Gateway.Core;

namespace Gateway.Tests.Core.Readings;

public sealed class ReadingPayloadTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeMilliseconds(1_736_430_000_123);

    [Fact]
    public void Write_GoodReading_IsTheDocumentOfTheDesign()
    {
        var point = TestDevice.Point("t") with { Unit = "°C" };
        Assert.Equal(
            """{"v":21.7,"ts":1736430000123,"unit":"°C","q":"good","seq":42,"boot":7,"schema":"reading.v1"}""",
            Encoding.UTF8.GetString(new ReadingPayload(point, 7).Write(Reading.Good(point, PointValue.Of(21.7f), s_at), 42, clockTrusted: true)));
    }

    [Fact]
    public void Write_BadReadingOnAnUnsyncedClock_SaysSo()
    {
        var point = TestDevice.Point("t");
        Assert.Equal(
            """{"v":null,"ts":1736430000123,"q":"bad","error":"a \"quoted\" one","seq":1,"boot":7,"clock":"unsynced","schema":"reading.v1"}""",
            Encoding.UTF8.GetString(new ReadingPayload(point, 7).Write(Reading.Bad(point, "a \"quoted\" one", s_at), 1, clockTrusted: false)));
    }

    [Fact]
    public void Write_ValueWithALabel_CarriesBoth()
    {
        var point = TestDevice.Point("t") with { Labels = new([new(0, "off"), new(1, "a \"b\"")]) };
        Assert.StartsWith("""{"v":1,"label":"a \"b\"","ts":""", Text(point, PointValue.Of(1m)));
        Assert.StartsWith("""{"v":false,"label":"off","ts":""", Text(point, PointValue.Of(false)));
        Assert.StartsWith("""{"v":2,"ts":""", Text(point, PointValue.Of(2m)));
    }

    [Fact]
    public void Write_AsText_IsAStringOfAllDigits()
    {
        var point = TestDevice.Point("t") with { AsText = true };
        Assert.StartsWith("""{"v":"18446744073709551615","ts":""", Text(point, PointValue.Of(18_446_744_073_709_551_615m)));
        Assert.StartsWith("""{"v":null,"ts":""", Encoding.UTF8.GetString(new ReadingPayload(point, 7).Write(Reading.Bad(point, "timeout", s_at), 1, clockTrusted: true)));
    }

    [Fact]
    public void Good_NotANumber_IsBad() =>
        Assert.Equal((Quality.Bad, "not a number"), Reading.Good(TestDevice.Point("t"), PointValue.Of(double.PositiveInfinity), s_at) is var r ? (r.Quality, r.Error) : default);

    private static string Text(PointOptions point, PointValue value) =>
        Encoding.UTF8.GetString(new ReadingPayload(point, 7).Write(Reading.Good(point, value, s_at), 1, clockTrusted: true));

    public static TheoryData<PointValue, string> Numbers => new()
    {
        { PointValue.Of(2314 * 0.1m), "231.4" },
        { PointValue.Of(231.4000m), "231.4" },
        { PointValue.Of(100m), "100" },
        { PointValue.Of(-0.5m), "-0.5" },
        { PointValue.Of(0.00m), "0" },
        { PointValue.Of(18_446_744_073_709_551_615m), "18446744073709551615" },
        { PointValue.Of(231.4f), "231.4" },
        { PointValue.Of(0.1 + 0.2), "0.30000000000000004" },
        { PointValue.Of(1e30f), "1E+30" },
        { PointValue.Of(true), "true" },
        { PointValue.Of("ü\n"), "\"ü\\n\"" },
        { PointValue.None, "null" },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Member_Value_HasItsShortestForm(PointValue value, string expected) =>
        Assert.Equal($"{{\"v\":{expected}}}", Encoding.UTF8.GetString(JsonPayload.Open().Member("v", value).Close()));
}
