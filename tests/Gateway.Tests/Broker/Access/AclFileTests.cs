using Gateway.Broker;
using Gateway.Configuration;

namespace Gateway.Tests.Broker.Access;

public sealed class AclFileTests
{
    private static readonly string[] s_site =
    [
        "# nobody in particular",
        "topic read public/#",
        "",
        "user anna",
        "topic read plant/#",
        "topic deny plant/secret/#",
        "topic write plant/+/set",
        "user max the second",
        "topic m/#",
        "pattern readwrite own/%u/%c",
        "pattern write by/%c/#",
        "pattern deny public/hidden",
        "user anna",
        "topic readwrite late/#",
        "topic read $SYS/broker/uptime",
    ];

    [Theory]
    [InlineData(null, "public/a", true, false)]
    [InlineData("anna", "public/a", false, false)]
    [InlineData("anna", "plant/a", true, false)]
    [InlineData("anna", "plant/a/set", true, true)]
    [InlineData("anna", "plant/secret/set", false, false)]
    [InlineData("anna", "plant/secret", false, false)]
    [InlineData("anna", "late/x", true, true)]
    [InlineData("anna", "own/anna/c1", true, true)]
    [InlineData("anna", "own/ben/c1", false, false)]
    [InlineData("anna", "by/c1/x", false, true)]
    [InlineData("anna", "$SYS/broker/uptime", true, false)]
    [InlineData("anna", "$SYS/broker/version", false, false)]
    [InlineData("max the second", "m/1", true, true)]
    [InlineData("unknown", "own/unknown/c1", true, true)]
    [InlineData("unknown", "m/1", false, false)]
    [InlineData(null, "own//c1", false, false)]
    [InlineData(null, "by/c1", false, true)]
    [InlineData(null, "public/hidden", true, false)] // A user's own rules come first, as in Mosquitto.
    public void Rights_OfAClient_AreItsOwnRulesThenThePatterns(string? user, string topic, bool read, bool write)
    {
        var rights = Parse(s_site).RightsOf(user, "c1");

        Assert.Equal((read, write), (rights.MayRead(topic), rights.MayWrite(topic)));
    }

    [Theory]
    [InlineData("+")]
    [InlineData("#")]
    [InlineData("a+b")]
    public void Patterns_NameWithAWildcard_GrantNothing(string name)
    {
        var acl = Parse(["topic read public/#", "pattern readwrite own/%u/#", "pattern readwrite by/%c"]);

        Assert.False(acl.RightsOf(name, "c1").MayRead("own/x/y"));
        Assert.False(acl.RightsOf(null, name).MayWrite($"by/{name}"));
        Assert.True(acl.RightsOf(null, name).MayRead("public/1"));
    }

    [Theory]
    [InlineData("plant/#", true)]
    [InlineData("#", true)]
    [InlineData("+/x", true)]
    [InlineData("plant/secret/#", false)]
    [InlineData("plant/secret/+/a", false)]
    [InlineData("plant/+/a", true)]
    [InlineData("own/anna/c1", true)]
    [InlineData("own/ben/#", false)]
    [InlineData("own/#", true)]
    [InlineData("by/#", false)]
    [InlineData("$SYS/#", true)]
    [InlineData("$SYS/broker/version", false)]
    [InlineData("nothing/of/it", false)]
    public void MaySubscribe_OnlyWhereAMessageCanCome(string filter, bool expected) =>
        Assert.Equal(expected, Parse(s_site).RightsOf("anna", "c1").MaySubscribe(filter));

    [Fact]
    public void MaySubscribe_AllThatIsGrantedIsDenied_IsFalse()
    {
        var rights = Parse(["user a", "topic read x/#", "topic deny x/#", "pattern read x/%u"]).RightsOf("a", "c");

        Assert.False(rights.MaySubscribe("#"));
        Assert.False(rights.MayRead("x/a"));
    }

    [Theory]
    [InlineData("usr anna", "1:1: \"usr\" begins no line of an ACL file; write user")]
    [InlineData("  topc a", "1:3: \"topc\" begins no line of an ACL file; write topic")]
    [InlineData("user", "1:5: the user's name is missing; write user NAME")]
    [InlineData("pattern   ", "1:8: the topic is missing; write pattern read TOPIC")]
    [InlineData("topic raed a", "1:7: \"raed\" is no access; write read")]
    [InlineData("topic read  a/#/b", "1:13: \"a/#/b\" is no topic filter; write + and # only as whole levels, and # only as the last one")]
    [InlineData("topic\tread a", "1:6: a tab is no separator here; write a space")]
    public void File_WrongLine_IsNamedWithColumnAndRemedy(string line, string expected)
    {
        var problems = new ProblemList();

        Assert.Null(AclParser.TryParse("acl", [line, "user anna", "topic a"], problems));
        Assert.Equal($"acl:{expected}", Assert.Single(problems.All).ToString());
    }

    [Fact]
    public void File_SeveralWrongLines_AreAllTold()
    {
        var problems = new ProblemList();

        Assert.Null(AclParser.TryParse("acl", ["nonsense", "topic a", "topic deny"], problems));
        Assert.Equal(["acl:1:1", "acl:3:7"], problems.All.Select(p => p.Position.ToString()));
    }

    [Fact]
    public void Pattern_WithoutPlaceholder_IsWarnedOfAndCounts()
    {
        var problems = new ProblemList();

        var acl = AclParser.TryParse("acl", ["pattern read all/#"], problems);

        Assert.True(Assert.Single(problems.All).IsWarning);
        Assert.True(acl!.RightsOf("any", "c").MayRead("all/1"));
    }

    [Fact]
    public void File_Missing_IsAnError()
    {
        var problems = new ProblemList();

        Assert.Null(AclFile.TryRead("/nowhere/acl", problems));
        Assert.Equal("/nowhere/acl:1:1", Assert.Single(problems.All).Position.ToString());
    }

    private static AclFile Parse(string[] lines)
    {
        var problems = new ProblemList();
        return AclParser.TryParse("acl", lines, problems) ?? throw new InvalidOperationException(string.Join('\n', problems.All));
    }
}
