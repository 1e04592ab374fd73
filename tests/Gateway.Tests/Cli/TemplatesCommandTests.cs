using System.Text.Json;
using Gateway.Adapters;
using Gateway.Adapters.Modbus;
using Gateway.Cli;

namespace Gateway.Tests.Cli;

public sealed class TemplatesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = CommandLine.Create(AdapterCatalog.All)
            .Parse(["templates", .. arguments, "--config", Path.Combine(_folder, "gateway.yaml")]).Invoke(new() { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private void Own(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "templates"));
        File.WriteAllText(Path.Combine(_folder, "templates", name), text);
    }

    [Fact]
    public void List_NamesWhatIsShippedAndWhatIsTheUsers()
    {
        Own("own.yaml", "device: Mine\nunverified: true\npoints: []\n");
        var (code, output, error) = Run();
        Assert.Equal((0, ""), (code, error));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ShippedTemplates.All.Names.Count + 1, lines.Length);
        Assert.Contains(lines, l => l.StartsWith("own ", StringComparison.Ordinal) && l.Contains("Mine") && l.EndsWith("templates/own.yaml", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("sdm230 ", StringComparison.Ordinal) && l.Contains("page 1"));
    }

    [Fact]
    public void Json_HasTheSourceOfEach()
    {
        var templates = JsonDocument.Parse(Run("--json").Output).RootElement.GetProperty("templates").EnumerateArray().ToList();
        Assert.Equal(ShippedTemplates.All.Names, templates.Select(t => t.GetProperty("name").GetString()!));
        Assert.False(templates.Single(t => t.GetProperty("name").GetString() == "sdm230").GetProperty("unverified").GetBoolean());
    }

    [Fact]
    public void Print_GivesTheFileToCopy() => Assert.Equal((0, ShippedTemplates.All.Text("sdm230"), ""), Run("sdm230"));

    [Fact]
    public void Print_AWrongName_GivesTheNearest()
    {
        var (code, output, error) = Run("sdm-320");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("there is no template \"sdm-320\"; write sdm", error);
    }

    [Fact]
    public void List_ABrokenOneOfTheUsers_IsToldAndTheOthersAreListed()
    {
        Own("own.yaml", "device: Mine\n");
        var (code, output, error) = Run();
        Assert.Equal(0, code);
        Assert.Contains("a template without points", error);
        Assert.Contains("sdm230", output);
    }
}
