using Gateway.Configuration;

namespace Gateway.Tests.Configuration;

public sealed class ConfigurationFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-configuration-");

    private string Main => Path.Combine(_folder.FullName, "gateway.yaml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Folder_OfFiles_MergesMapsAndAppendsListsInNameOrder()
    {
        Write("gateway.yaml", "gateway: { root: acme }\nlinks:\n  - { id: a, type: modbus-tcp, host: h }\n");
        Write("conf.d/20-b.yaml", "links:\n  - { id: c, type: modbus-tcp, host: h }\n");
        Write("conf.d/10-a.yaml", "gateway: { clock: trusted }\nlinks:\n  - { id: b, type: modbus-tcp, host: h }\n");

        var (configuration, problems) = ConfigurationLoader.Load(Main, FakeModbus.Catalog);

        Assert.False(problems.HasErrors);
        Assert.Equal("acme", configuration!.Gateway.Root);
        Assert.Equal(["a", "b", "c"], configuration.Links.Select(l => l.Id));
        Assert.Equal(["gateway.yaml", "10-a.yaml", "20-b.yaml"], configuration.Files.Select(f => Path.GetFileName(f)));
    }

    [Fact]
    public void Scalar_InTwoFiles_NamesBothPlaces()
    {
        Write("gateway.yaml", "gateway:\n  root: acme\n");
        Write("conf.d/10.yaml", "gateway:\n  root: beta\n");

        var problem = Assert.Single(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Problems.All);

        Assert.Equal($"{Other("10.yaml")}:2:3: \"root\" is there twice, first at {Main}:2:3; keep it in one of the files", problem.ToString());
    }

    [Fact]
    public void Id_InTwoFiles_NamesBothPlaces()
    {
        Write("gateway.yaml", "links:\n  - { id: plc, type: modbus-tcp, host: h }\n");
        Write("conf.d/10.yaml", "links:\n  - { id: plc, type: modbus-tcp, host: i }\n");

        var problem = Assert.Single(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Problems.All);

        Assert.Equal($"{Other("10.yaml")}:2:5", problem.Position.ToString());
        Assert.Contains($"first at {Main}:2:5", problem.Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void MapAndList_UnderOneKey_AreRefused()
    {
        Write("gateway.yaml", "links: []\n");
        Write("conf.d/10.yaml", "links: { id: plc }\n");

        Assert.True(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Problems.HasErrors);
    }

    [Fact]
    public void Yml_InFolder_IsNamedAndNotRead()
    {
        Write("gateway.yaml", "");
        Write("conf.d/10.yml", "gateway: { root: acme }\n");

        var (configuration, problems) = ConfigurationLoader.Load(Main, FakeModbus.Catalog);

        Assert.Equal("edge", configuration!.Gateway.Root);
        Assert.True(Assert.Single(problems.All).IsWarning);
    }

    [Fact]
    public void EveryFile_Broken_IsTold()
    {
        Write("gateway.yaml", "gateway: {\n");
        Write("conf.d/10.yaml", "links: [\n");

        Assert.Equal(2, ConfigurationLoader.Load(Main, FakeModbus.Catalog).Problems.All.Count);
    }

    [Theory]
    [InlineData("nothing.yaml", "there is no such file")]
    [InlineData("no/folder.yaml", "there is no such folder")]
    [InlineData("", "is a folder")]
    public void File_Unreadable_IsTold(string name, string wrong) =>
        Assert.Contains(wrong, Assert.Single(ConfigurationLoader.Load(Path.Combine(_folder.FullName, name), FakeModbus.Catalog).Problems.All).Wrong, StringComparison.Ordinal);

    [Fact]
    public void File_TooLarge_IsRefused()
    {
        File.WriteAllBytes(Main, new byte[(4 << 20) + 1]);

        Assert.Contains("larger than 4 MiB", Assert.Single(ConfigurationLoader.Load(Main, FakeModbus.Catalog).Problems.All).Wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_NotConfigured_IsSystemdsFolderOrTheUsualOne()
    {
        Write("gateway.yaml", "");

        Assert.Equal("/var/lib/edge-gateway", ConfigurationLoader.Load(Main, FakeModbus.Catalog, _ => null).Configuration!.Gateway.Data);
        Assert.Equal("/run/x", ConfigurationLoader.Load(Main, FakeModbus.Catalog, name => name == "STATE_DIRECTORY" ? "/run/x:/run/y" : null).Configuration!.Gateway.Data);
    }

    [Fact]
    public void ByteOrderMark_InFront_IsNotPartOfTheFirstKey()
    {
        File.WriteAllText(Main, "gateway: { root: acme }\n", new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal("acme", ConfigurationLoader.Load(Main, FakeModbus.Catalog).Configuration!.Gateway.Root);
    }

    private string Other(string name) => Path.Combine(_folder.FullName, ConfigurationFiles.Folder, name);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
