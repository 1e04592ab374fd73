using Gateway.Bridge;
using Gateway.Mqtt;

namespace Gateway.Tests.Bridge.Rules;

public sealed class RuleTests
{
    [Theory]
    [InlineData("", "a/#", "", "a/b", "a/b")]
    [InlineData("edge/", "+/telemetry/#", "acme/", "edge/d/telemetry/p", "acme/d/telemetry/p")]
    [InlineData("", "#", "up/", "a/b", "up/a/b")]
    [InlineData("a/b/", "#", "", "a/b/c", "c")]
    [InlineData("a/", "#", "b/", "a/", "b/")]
    [InlineData("", "a/#", "up/", "a", "up/a")]
    public void TryApply_TopicInside_IsRewritten(string source, string filter, string target, string topic, string expected)
    {
        Assert.True(new RewriteRule(source, filter, target, QualityOfService.AtLeastOnce, "").TryApply(topic, out var mapped));
        Assert.Equal(expected, mapped);
    }

    [Theory]
    [InlineData("edge/", "+/telemetry", "acme/", "edge/d/state")]
    [InlineData("a/", "#", "b/", "a")] // the parent has no rest
    [InlineData("a/", "#", "", "a/")] // nothing is left
    [InlineData("", "#", "", "$SYS/x")]
    [InlineData("", "$SYS/#", "", "$SYS/x")]
    [InlineData("a/", "#", "", "a/$SYS")]
    public void TryApply_TopicOutside_IsNot(string source, string filter, string target, string topic) =>
        Assert.False(new RewriteRule(source, filter, target, QualityOfService.AtLeastOnce, "").TryApply(topic, out _));

    [Fact]
    public void Match_SeveralRules_FirstWins()
    {
        var table = new RuleTable(
        [
            new RewriteRule("", "a/+/c", "1/", QualityOfService.AtMostOnce, "first"),
            new RewriteRule("", "a/#", "2/", QualityOfService.AtLeastOnce, "second"),
            new RewriteRule("a/", "#", "3/", QualityOfService.AtLeastOnce, "third"),
            new RewriteRule("", "#", "", QualityOfService.AtLeastOnce, "fourth"),
        ]);
        Assert.Equal(("first", "1/a/b/c"), (table.Match("a/b/c", out var topic)!.Label, topic));
        Assert.Equal(("second", "2/a/b"), (table.Match("a/b", out topic)!.Label, topic));
        Assert.Equal("fourth", table.Match("b", out topic)!.Label);
        Assert.Null(table.Match("$SYS/a", out _));
    }

    [Fact]
    public void Match_SameFilterDifferentPrefix_FirstThatAppliesWins()
    {
        var table = new RuleTable([new RewriteRule("a/", "#", "x/", QualityOfService.AtLeastOnce, "cut"), new RewriteRule("", "a/#", "y/", QualityOfService.AtLeastOnce, "whole")]);
        Assert.Equal("x/b", Mapped(table, "a/b"));
        Assert.Equal("y/a", Mapped(table, "a"));
    }

    [Theory]
    [InlineData("there is no preset \"every\"", "every", "#", "", "")]
    [InlineData("is not a topic filter", null, "#", "site", "")]
    [InlineData("begins with $", null, "$SYS/#", "", "")]
    [InlineData("has a wildcard", null, "a", "+/", "")]
    public void Check_BrokenForwardRule_IsAnError(string expected, string? preset, string filter, string local, string remote)
    {
        var finding = Assert.Single(Check(new BridgeOptions
        {
            Id = "b", Servers = [], Forward = [new ForwardRule { Preset = preset, Filter = filter, LocalPrefix = local, RemotePrefix = remote }],
        }));
        Assert.True(finding.IsError);
        Assert.Contains(expected, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OverlappingImports_IsAnError() => Assert.Contains("overlap", Assert.Single(Check(new BridgeOptions
    {
        Id = "b", Servers = [], Forward = [new ForwardRule { Preset = "standard" }], Import = [new ImportRule { Filter = "+/d/cmd" }, new ImportRule { Preset = "commands" }],
    })).Text, StringComparison.Ordinal);

    [Fact]
    public void Check_CommandsWithoutAnswers_IsAWarning()
    {
        var finding = Assert.Single(Check(new BridgeOptions { Id = "b", Servers = [], Import = [new ImportRule { Preset = "commands" }] }));
        Assert.False(finding.IsError);
        Assert.Contains("edge/d/response", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SameClientIdAtTheSameServer_IsAnError()
    {
        UpstreamServer[] servers = [new("h", 1883, false)];
        var finding = Assert.Single(Check(new BridgeOptions { Id = "a", Servers = servers }, new BridgeOptions { Id = "b", Servers = servers, ClientId = "gw-1" }));
        Assert.Contains("same client id", finding.Text, StringComparison.Ordinal);
    }

    private static string Mapped(RuleTable table, string topic)
    {
        Assert.NotNull(table.Match(topic, out var mapped));
        return mapped;
    }

    private static IReadOnlyList<BridgeFinding> Check(params BridgeOptions[] bridges) => RuleCheck.Run(bridges, BridgeHarness.Presets, "gw-1");
}
