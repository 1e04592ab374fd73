using Gateway.Cli;

namespace Gateway.Tests.Cli.Field;

public sealed class HostPlaceTests
{
    [Theory]
    [InlineData("192.0.2.20", "192.0.2.20", null)]
    [InlineData("plc.local:1502", "plc.local", 1502)]
    [InlineData("[2001:db8::1]:503", "2001:db8::1", 503)]
    [InlineData("2001:db8::1", "2001:db8::1", null)]
    public void Host_WithOrWithoutPort_IsUnderstood(string text, string host, int? port)
    {
        Assert.True(HostPlace.TryParse(text, out var place));
        Assert.Equal(new(host, port), place);
    }

    [Theory]
    [InlineData("plc:0")]
    [InlineData("plc:65536")]
    [InlineData("plc:x")]
    [InlineData("tcp://plc")]
    [InlineData("")]
    public void Host_OtherThanAHostAndItsPort_IsNot(string text) => Assert.False(HostPlace.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.0/30", "192.0.2.1 192.0.2.2")]
    [InlineData("192.0.2.9/30", "192.0.2.9 192.0.2.10")]
    [InlineData("192.0.2.4/31", "192.0.2.4 192.0.2.5")]
    [InlineData("192.0.2.255/32", "192.0.2.255")]
    [InlineData("plc-a, 192.0.2.0/30,plc-a,192.0.2.2", "plc-a 192.0.2.1 192.0.2.2")]
    [InlineData("2001:db8::1,plc", "2001:db8::1 plc")]
    public void Hosts_OfNetworksAndLists_AreEachNamedOnce(string text, string expected)
    {
        var places = HostPlace.ParseMany(text, out var problem);
        Assert.Null(problem);
        Assert.Equal(expected.Split(' ').Select(h => new HostPlace(h, null)), places);
    }

    [Fact]
    public void Hosts_OfANetworkWithAPort_AllHaveIt()
    {
        var places = HostPlace.ParseMany("192.0.0.0/22:1502", out var problem);
        Assert.Null(problem);
        Assert.Equal((HostPlace.Most, new("192.0.0.1", 1502), new("192.0.3.254", 1502)), (places.Count, places[0], places[^1]));
    }

    [Theory]
    [InlineData("192.0.2.0/21", "2,046 hosts; at most 1022 (a /22) in one scan: take a part of it, for example 192.0.0.0/22")]
    [InlineData("10.1.2.3/0", "4,294,967,294 hosts")]
    [InlineData("192.0.0.0/22,192.0.9.1", "1023 hosts; at most 1022")]
    [InlineData("192.0.2.0/33", "ends at /32")]
    [InlineData("192.0.2.0/", "not a network")]
    [InlineData("192.0.2.0/-1", "not a network")]
    [InlineData("plc/24", "not a network")]
    [InlineData("192.0.2/24", "not a network; write for example 192.0.2.0/24")]
    [InlineData("192.0.2.0/24:0", "not a network")]
    [InlineData("2001:db8::/120", "only IPv4 networks can be searched")]
    [InlineData("http://plc/", "a URL")]
    [InlineData("plc,,plc2", "not a host and port")]
    [InlineData("plc plc2", "not a host and port")]
    public void Hosts_ThatCannotBeAsked_AreRefusedWithWhatToWrite(string text, string expected)
    {
        Assert.Empty(HostPlace.ParseMany(text, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "5")]
    [InlineData("1-3,2,250", "1 2 3 250")]
    [InlineData("0-1", "0 1")]
    [InlineData("1-300", null)]
    [InlineData("3-1", null)]
    [InlineData("1-2-3", null)]
    [InlineData("1,", null)]
    [InlineData("x", null)]
    public void Units_AreNumbersAndRanges(string text, string? expected) => Assert.Equal(expected?.Split(' ').Select(byte.Parse), UnitList.Parse(text));
}
