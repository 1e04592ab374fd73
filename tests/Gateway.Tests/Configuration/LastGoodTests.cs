using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public sealed class LastGoodTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("last-good-").FullName;

    public LastGoodTests() => Directory.CreateDirectory(Path.Combine(_folder, "data"));

    private string Main => Path.Combine(_folder, "gateway.yaml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_BrokenFile_TakesTheOneThatRanLast()
    {
        Write("gateway.yaml", "gateway: { data: data, root: acme }\n");
        Write("conf.d/users.yaml", "broker: { password-file: users }\n");
        LastGood.Keep(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Configuration!, s_now);
        Write("gateway.yaml", "gateway: { data: data, rot: acme, clok: auto }\n");
        File.Delete(Path.Combine(_folder, "conf.d/users.yaml"));

        var configuration = Fallback()!;
        Assert.Equal("acme", configuration.Gateway.Root);
        Assert.Equal(Path.Combine(_folder, "conf.d/users"), configuration.Broker.PasswordFile);
        Assert.Contains("gateway.yaml:1:24: unknown key \"rot\"", configuration.InsteadOf, StringComparison.Ordinal);
        Assert.EndsWith("and 1 more): running with the last good one, of 2026-01-02 03:04 UTC", configuration.InsteadOf, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NothingKept_IsNothing()
    {
        Write("gateway.yaml", "gateway: { data: data, rot: acme }\n");
        Assert.Null(Fallback());
    }

    [Fact]
    public void Load_HalfAFile_IsNothing()
    {
        Write("gateway.yaml", "gateway: { data: data }\n");
        LastGood.Keep(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Configuration!, s_now);
        var kept = Path.Combine(_folder, "data", "last-good.json");
        File.WriteAllText(kept, File.ReadAllText(kept)[..20]);
        Write("gateway.yaml", "gateway: { data: data, rot: acme }\n");
        Assert.Null(Fallback());
    }

    [Fact]
    public void Keep_TheSameAgain_WritesNothing()
    {
        Write("gateway.yaml", "gateway: { data: data }\n");
        LastGood.Keep(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Configuration!, s_now);
        LastGood.Keep(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Configuration!, s_now.AddDays(1));
        Assert.Contains("2026-01-02", File.ReadAllText(Path.Combine(_folder, "data", "last-good.json")), StringComparison.Ordinal);
    }

    private GatewayConfiguration? Fallback()
    {
        var problems = new ProblemList();
        var sources = ConfigurationFiles.Read(Main, problems);
        Assert.Null(ConfigurationLoader.Load(sources, FakeModbus.Catalog, problems));
        return LastGood.Load(sources, problems, FakeModbus.Catalog);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
