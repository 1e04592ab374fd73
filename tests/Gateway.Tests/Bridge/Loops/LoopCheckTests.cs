using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.Tests.Bridge.Loops;

public sealed class LoopCheckTests
{
    private static readonly UpstreamServer s_a = new("a", 1883, false);
    private static readonly UpstreamServer s_b = new("b", 1883, false);

    [Theory]
    [InlineData("a/#", "a/b", "a/b")]
    [InlineData("+/b", "a/#", "a/b")]
    [InlineData("#", "+/x/#", "+/x/#")]
    [InlineData("a/#", "a", "a")]
    [InlineData("a/+/c", "+/b/+", "a/b/c")]
    [InlineData("a/b", "a/c", null)]
    [InlineData("a/+", "a", null)]
    public void Intersect_TwoFilters_IsWhatBothMatch(string first, string second, string? expected)
    {
        Assert.Equal(expected, TopicFilter.Intersect(first, second));
        Assert.Equal(expected, TopicFilter.Intersect(second, first));
    }

    [Fact]
    public void Run_ForwardAndImportDisjoint_SaysNothing() =>
        Assert.Empty(Run(Bridge("x", s_a, new ForwardRule { Preset = "standard" }, new ImportRule { Preset = "commands" })));

    [Fact]
    public void Run_SameTopicBothWays_WarnsAndNamesATopic()
    {
        var finding = Assert.Single(Run(Bridge("x", s_a, new ForwardRule { Filter = "plant/+/t" }, new ImportRule { Filter = "plant/#" })));
        Assert.False(finding.IsError);
        Assert.Contains("plant/x/t", finding.Text, StringComparison.Ordinal);
        Assert.Contains("forward rule 1 of x, import rule 1 of x", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PrefixPutOnInOneDirectionOnly_IsAnError()
    {
        var finding = Assert.Single(Run(Bridge("x", s_a, new ForwardRule { Filter = "#", RemotePrefix = "up/" }, new ImportRule { Filter = "#" })));
        Assert.True(finding.IsError);
        Assert.Contains("longer each time", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GrowthThatAFilterStops_IsNone() =>
        Assert.Empty(Run(Bridge("x", s_a, new ForwardRule { Filter = "+/t", RemotePrefix = "up/" }, new ImportRule { Filter = "#" })));

    [Fact]
    public void Run_PrefixTakenOffAgain_IsACycleOfTheSameTopic()
    {
        var finding = Assert.Single(Run(Bridge("x", s_a, new ForwardRule { Filter = "#", RemotePrefix = "up/" }, new ImportRule { Filter = "#", RemotePrefix = "up/" })));
        Assert.False(finding.IsError);
    }

    [Fact]
    public void Run_MovedAsideByTheImport_IsNone() => Assert.Empty(Run(
        Bridge("x", s_a, new ForwardRule { Filter = "edge/#" }, new ImportRule { Filter = "#", RemotePrefix = "edge/", LocalPrefix = "cloud/" })));

    [Theory]
    [InlineData(ProtocolVersion.V500, false)]
    [InlineData(ProtocolVersion.V311, true)]
    public void Run_TwoBridgesToOneServer_DependsOnTheProtocol(ProtocolVersion version, bool isError)
    {
        var finding = Assert.Single(Run(
            Bridge("x", s_a, new ForwardRule { Filter = "t/#" }, null), Bridge("y", s_a, null, new ImportRule { Filter = "t/#" }) with { Protocol = version }));
        Assert.Equal(isError, finding.IsError);
        Assert.Contains("import rule 1 of y", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TwoBridgesToTwoServers_IsNone() => Assert.Empty(Run(
        Bridge("x", s_a, new ForwardRule { Filter = "t/#" }, null), Bridge("y", s_b, null, new ImportRule { Filter = "t/#" })));

    [Fact]
    public void Run_CycleOverTwoRoundTrips_IsFound()
    {
        // a/1 goes up, comes back as b/1, goes up by the other bridge, comes back as a/1.
        var x = Bridge("x", s_a, new ForwardRule { Filter = "#", LocalPrefix = "a/", RemotePrefix = "u/" }, new ImportRule { Filter = "#", RemotePrefix = "u/", LocalPrefix = "b/" });
        var y = Bridge("y", s_b, new ForwardRule { Filter = "#", LocalPrefix = "b/", RemotePrefix = "v/" }, new ImportRule { Filter = "#", RemotePrefix = "v/", LocalPrefix = "a/" });
        var finding = Assert.Single(Run(x, y));
        Assert.False(finding.IsError);
        Assert.Contains("a/x", finding.Text, StringComparison.Ordinal);
    }

    private static BridgeOptions Bridge(string id, UpstreamServer server, ForwardRule? forward, ImportRule? import) => new()
    {
        Id = id, Servers = [server], Forward = forward is null ? [] : [forward], Import = import is null ? [] : [import],
    };

    private static IReadOnlyList<LoopFinding> Run(params BridgeOptions[] bridges) => LoopCheck.Run(bridges, BridgeHarness.Presets);
}
