using Gateway.Adapters;
using Gateway.Cli;

namespace Gateway.Tests.Configuration;

public class SampleTests
{
    public static TheoryData<string> All => [.. Directory.EnumerateFiles(Repository.Samples, "*.yaml").Select(f => Path.GetFileName(f)!)];

    /// <summary>A sensor's key is what only its owner has.</summary>
    private static bool IsOwnKey(string problem) => problem.Contains("warning: ", StringComparison.Ordinal) && problem.Contains("cellar.key (the key of cellar) is not there", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(All))]
    public void Sample_Loaded_HasNothingWrong(string name)
    {
        var (configuration, problems) = ConfigurationLoader.Load(Path.Combine(Repository.Samples, name), AdapterCatalog.All);

        Assert.DoesNotContain(problems.All, static p => !IsOwnKey(p.ToString()));
        Assert.NotNull(configuration);
    }

    [Fact]
    public void Minimal_Loaded_IsShortAndReachesTheCloud()
    {
        var path = Path.Combine(Repository.Samples, "minimal.yaml");
        var (configuration, _) = ConfigurationLoader.Load(path, AdapterCatalog.All);

        Assert.True(File.ReadAllLines(path).Length <= 15);
        Assert.Equal(Path.Combine(Repository.Samples, "data"), configuration!.Gateway.Data);
        Assert.Equal("standard", Assert.Single(Assert.Single(configuration.Bridges).Forward).Preset);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Check_OfSample_TellsWhatWouldRun(string name)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var command = CommandLine.Create(AdapterCatalog.All);

        var code = command.Parse(["check", "--config", Path.Combine(Repository.Samples, name)]).Invoke(new() { Output = output, Error = error });

        Assert.DoesNotContain(error.ToString().Split('\n'), static l => l.Length > 0 && !IsOwnKey(l));
        Assert.Equal(0, code);
        Assert.Contains("good\n", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("device   ", output.ToString(), StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(output.ToString());
    }
}
