using Gateway.Adapters;

namespace Gateway.Tests.Configuration;

/// <summary>Each file says in its first lines what must be reported: <c># expect LINE:COLUMN part of the message</c>, in order, and nothing else. With <c># real protocols</c> behind these lines it is read with those that are built.</summary>
public class BrokenConfigurationTests
{
    private const string Mark = "# expect ";

    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Repository.Broken, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(All))]
    public void BrokenConfiguration_Loaded_IsRefusedWithLineAndColumn(string name)
    {
        var path = Path.Combine(Repository.Broken, name);
        var expected = File.ReadLines(path).TakeWhile(l => l.StartsWith(Mark, StringComparison.Ordinal)).Select(l => l[Mark.Length..].Split(' ', 2)).ToList();

        var isReal = File.ReadLines(path).Skip(expected.Count).FirstOrDefault() == "# real protocols";

        var (configuration, problems) = ConfigurationLoader.Load(path, isReal ? AdapterCatalog.All : FakeModbus.Catalog);

        var told = problems.All.Select(p => p.ToString()).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', told));
        Assert.Null(configuration);
        Assert.NotEmpty(expected);
        Assert.All(told, t => Assert.Matches(@"^.+:\d+:\d+: .+; .+$", t));
        Assert.Equal(expected.Count, told.Count);
        for (var i = 0; i < told.Count; i++)
        {
            Assert.StartsWith($"{path}:{expected[i][0]}: ", told[i], StringComparison.Ordinal);
            Assert.Contains(expected[i][1], told[i], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void BrokenConfigurations_Counted_AreAtLeastThirty() => Assert.True(All.Count >= 30);
}
