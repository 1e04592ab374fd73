using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

/// <summary>What a table may rely on.</summary>
public class MapReaderTests
{
    [Fact]
    public void Required_Missing_IsReportedAndTheOthersAreReadOn()
    {
        var problems = Read("b: nonsense\n", map =>
        {
            map.Required("a", Kinds.Port, "");
            map.Required("b", Kinds.Port, "");
            return 0;
        });

        Assert.Equal(["x:1:1", "x:1:4"], problems.Select(p => p.Position.ToString()));
    }

    [Fact]
    public void Wrong_AboutAReportedKey_IsSilent() => Assert.Single(Read("a: nonsense\n", map =>
    {
        map.Optional("a", Kinds.Port, 1, "");
        map.Wrong("a", "impossible", "else");
        return 0;
    }));

    [Fact]
    public void IsSound_AfterAProblem_IsFalse()
    {
        Read("a: 1\nb: x\n", map =>
        {
            map.Optional("a", Kinds.Port, 1, "");
            Assert.True(map.IsSound);
            map.Optional("b", Kinds.Port, 1, "");
            Assert.False(map.IsSound);
            return 0;
        });
    }

    [Fact]
    public void OneOf_Unknown_LeavesTheOtherKeysUnjudged()
    {
        Alternative<int>[] alternatives = [new("known", map => map.Optional("a", Kinds.Port, 7, ""))];

        Assert.Empty(Read("type: other\nwhatever: 1\n", map => map.OneOf("type", null, alternatives)));
        Assert.Equal(2, Read("type: known\nwhatever: 1\n", map => map.OneOf("type", "known", alternatives)).Count);
    }

    [Fact]
    public void NotYet_Written_IsRefusedInSoManyWords() => Assert.Equal(
        "x:1:1: \"tls\" (encryption) is not built yet; remove it",
        Assert.Single(Read("tls: {}\n", map =>
        {
            map.NotYet("tls", "encryption");
            return 0;
        })).ToString());

    [Fact]
    public void Maybe_Absent_IsNull() => Assert.Empty(Read("{}", map =>
    {
        Assert.Null(map.Maybe("a", Kinds.Text, "none", ""));
        Assert.Null(map.Maybe("b", Kinds.Port, "none", ""));
        return 0;
    }));

    [Fact]
    public void Table_Described_NamesEachKeyOnce()
    {
        var keys = new Table<int>("a thing", "{}", map => map.Required("a", Kinds.Port, "A port.") + map.Optional("b", Kinds.Port, 5, "Another.")).Keys.Keys;

        Assert.Equal([("a", true, null), ("b", false, "5")], keys.Select(k => (k.Name, k.IsRequired, k.Default)));
    }

    private static IReadOnlyList<Problem> Read(string text, Func<MapReader, int> table)
    {
        var problems = new ProblemList();
        new Table<int>("a thing", "{}", table).TryRead(ConfigurationFiles.Parse(text, "x", problems)!, problems, out _);
        return problems.All;
    }
}
