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

    private static string Mapped(RuleTable table, string topic)
    {
        Assert.NotNull(table.Match(topic, out var mapped));
        return mapped;
    }
}
