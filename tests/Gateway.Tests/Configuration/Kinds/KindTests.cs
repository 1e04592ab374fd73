using Gateway.Configuration;
using Vocabulary = Gateway.Configuration.Kinds;

namespace Gateway.Tests.Configuration;

public class KindTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("1s", 1_000)]
    [InlineData("5m", 300_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7d", 604_800_000)]
    public void Duration_WithUnit_IsRead(string text, double milliseconds)
    {
        var kind = Vocabulary.Duration(TimeSpan.Zero, TimeSpan.FromDays(365));

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Read(kind, text));
        Assert.Equal(text, kind.Write(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData("5", "write 5s or 5ms")]
    [InlineData("1.5s", "write a whole number and ms, s, m, h or d")]
    [InlineData("1:30", "write a whole number")]
    [InlineData("1 s", "write a whole number")]
    [InlineData("-1s", "write a whole number")]
    [InlineData("2d", "write 1d")]
    [InlineData("99999999999999999d", "write 1d")]
    [InlineData("999999999999999999999999s", "write a whole number")]
    public void Duration_Otherwise_IsRefusedWithRemedy(string text, string instead) =>
        Assert.StartsWith(instead, Refused(Vocabulary.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1)), text).Instead, StringComparison.Ordinal);

    [Theory]
    [InlineData("64KiB", 65_536)]
    [InlineData("1GiB", 1L << 30)]
    [InlineData("10B", 10)]
    public void Size_WithUnit_IsRead(string text, long bytes)
    {
        var kind = Vocabulary.Size(0, 1L << 40);

        Assert.Equal(bytes, Read(kind, text));
        Assert.Equal(text, kind.Write(bytes));
    }

    [Theory]
    [InlineData("64", "write 64B")]
    [InlineData("64K", "write 64KiB")]
    [InlineData("1 GB", "write 1GiB")]
    [InlineData("1gib", "write 1GiB")]
    [InlineData("lots", "write a whole number and KiB")]
    public void Size_Otherwise_IsRefusedWithRemedy(string text, string instead) =>
        Assert.StartsWith(instead, Refused(Vocabulary.Size(0, 1L << 40), text).Instead, StringComparison.Ordinal);

    [Theory]
    [InlineData("0x10", "write it in decimal: 16")]
    [InlineData("010", "write 10")]
    [InlineData("1_000", "write 1")]
    [InlineData("1.0", "write 1")]
    [InlineData("70000", "write 1")]
    [InlineData("99999999999", "write 1")]
    public void Integer_Otherwise_IsRefusedWithRemedy(string text, string instead) =>
        Assert.StartsWith(instead, Refused(Vocabulary.Integer(1, 65535), text).Instead, StringComparison.Ordinal);

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("-40", "-40")]
    [InlineData("1e-3", "0.001")]
    public void Decimal_Written_StaysExact(string text, string value) =>
        Assert.Equal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), Read(Vocabulary.Decimal(), text));

    [Theory]
    [InlineData("Boiler 7", "write boiler-7")]
    [InlineData("-x", "write x")]
    [InlineData("ä", "write boiler-7")]
    [InlineData("all", "write another id, for example all-1")]
    public void Id_Otherwise_IsRefusedWithProposal(string text, string instead) => Assert.Equal(instead, Refused(Vocabulary.Id, text).Instead);

    [Fact]
    public void Id_Of63Characters_IsTheLongest()
    {
        Assert.Equal(new string('a', 63), Read(Vocabulary.Id, new string('a', 63)));
        Refused(Vocabulary.Id, new string('a', 64));
    }

    [Theory]
    [InlineData("users", "/etc/edge-gateway/users")]
    [InlineData("../users", "/etc/users")]
    [InlineData("/srv/users", "/srv/users")]
    public void Path_Relative_StartsAtTheFileThatNamesIt(string text, string path) => Assert.Equal(path, Read(Vocabulary.Path, text));

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("a/b+")]
    [InlineData("#a")]
    [InlineData("$SYS/#")]
    public void TopicFilter_Impossible_IsRefused(string text) => Refused(Vocabulary.TopicFilter, text);

    [Theory]
    [InlineData("#")]
    [InlineData("+/+/#")]
    [InlineData("/a//b")]
    public void TopicFilter_Possible_IsRead(string text) => Assert.Equal(text, Read(Vocabulary.TopicFilter, text));

    [Theory]
    [InlineData("localhost", "write 127.0.0.1")]
    [InlineData("*", "write 0.0.0.0")]
    [InlineData("0.0.0.0:1883", "write 0.0.0.0, and port: 1883")]
    [InlineData("1", "write 0.0.0.0")]
    public void Address_Otherwise_IsRefusedWithRemedy(string text, string instead) =>
        Assert.StartsWith(instead, Refused(Vocabulary.Address, text).Instead, StringComparison.Ordinal);

    [Theory]
    [InlineData("unitId", "unit-id")]
    [InlineData("unit_id", "unit-id")]
    [InlineData("hots", "host")]
    [InlineData("timeuot", "timeout")]
    [InlineData("frequency", null)]
    public void NearestKey_OfTypo_IsFound(string written, string? nearest) => Assert.Equal(nearest, NearestKey.Of(written, ["host", "port", "timeout", "unit-id"]));

    private static T Read<T>(Kind<T> kind, string text)
    {
        var problems = new ProblemList();
        Assert.True(kind.TryRead(Node(text), problems, out var value), string.Join('\n', problems.All));
        Assert.Empty(problems.All);
        return value;
    }

    private static Problem Refused<T>(Kind<T> kind, string text)
    {
        var problems = new ProblemList();
        Assert.False(kind.TryRead(Node(text), problems, out _));
        return Assert.Single(problems.All);
    }

    private static ScalarNode Node(string text) => new(new("/etc/edge-gateway/gateway.yaml", 1, 1), text, IsPlain: true);
}
