using Gateway.Adapters;
using Gateway.Tests.Support;

namespace Gateway.Tests.Core.Templates;

/// <summary>Templates of a user's own, beside his configuration.</summary>
public sealed class TemplateTests : IDisposable
{
    private const string Meter = """
        device: Maker Meter
        document: its manual
        page: page 3
        points:
          - { id: voltage, register: input 0, type: float32, unit: V }
          - { id: power, register: input 2, type: float32, unit: W, every: 10s }
          - { id: energy, register: input 4, type: uint32, scale: 0.1, every: 1m, unverified: true }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (GatewayConfiguration? Configuration, string Problems) Load(string device, string? template = Meter, string name = "meter")
    {
        Directory.CreateDirectory(Path.Combine(_folder, "templates"));
        if (template is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "templates", name + ".yaml"), template);
        }

        var path = Path.Combine(_folder, "gateway.yaml");
        File.WriteAllText(path, $"links: [{{ id: line, type: modbus-tcp, host: h }}]\ndevices:\n  - id: device\n    link: line\n{device}");
        var (configuration, problems) = ConfigurationLoader.Load(path, AdapterCatalog.All);
        return (configuration, string.Join('\n', problems.All.Select(p => p.ToString().Replace(_folder + "/", "", StringComparison.Ordinal))));
    }

    private static string Points(GatewayConfiguration? configuration) =>
        string.Join("; ", configuration!.Devices[0].Points.Select(p => $"{p.Id} {p.Address} {p.Every.TotalSeconds}s"));

    [Fact]
    public void Device_WithATemplate_HasItsPoints_AndIsToldWhatIsUnverified()
    {
        var (configuration, problems) = Load("    template: meter\n");
        Assert.Equal("voltage input 0 float32 1s; power input 2 float32 10s; energy input 4 uint32 60s", Points(configuration));
        Assert.Equal(
            "gateway.yaml:3:5: warning: the template meter of device is unverified in part (energy): these could not be compared with the maker's document; compare what it reads with the device's own display", problems);
        Assert.Equal(("Maker Meter", "its manual, page 3"), (configuration!.Devices[0].Template!.Device, configuration.Devices[0].Template!.Source));
        Assert.EndsWith("templates/meter.yaml", Assert.Single(configuration.Templates).Path);
    }

    [Fact]
    public void Device_ChangesAddsAndChoosesPoints()
    {
        var (configuration, _) = Load("""
                template: meter
                every: 5s
                only: [voltage, power]
                points:
                  - { id: power, scale: 0.001, unit: kW, every: 2s }
                  - { id: own, register: input 100 }
            """);
        Assert.Equal("voltage input 0 float32 5s; power input 2 float32 2s; own input 100 uint16 5s", Points(configuration));
        Assert.Equal((0.001m, "kW"), (configuration!.Devices[0].Points[1].Scale, configuration.Devices[0].Points[1].Unit));
    }

    [Fact]
    public void Device_WithIntervalAndNoTemplate_PassesItOn()
    {
        var (configuration, problems) = Load("    every: 5s\n    points: [{ id: a, register: input 0 }, { id: b, register: input 1, every: 1m }]\n");
        Assert.Equal("", problems);
        Assert.Equal("a input 0 uint16 5s; b input 1 uint16 60s", Points(configuration));
    }

    [Fact]
    public void OwnTemplate_OfAShippedName_CountsInItsPlace()
    {
        var (configuration, _) = Load("    template: sdm230\n", name: "sdm230");
        Assert.Equal("Maker Meter", configuration!.Devices[0].Template!.Device);
    }

    [Theory]
    [InlineData("    template: metre\n", "gateway.yaml:5:15: there is no template \"metre\"; write meter; templates are looked for in templates, then among the shipped ones: edge-gateway templates lists both")]
    [InlineData("    template: sdm-230\n    points: [{ id: power, every: 1s }]\n", "write sdm230;")]
    [InlineData("    template: ../etc/passwd\n", "is not an id")]
    [InlineData("    template: meter\n    address-base: 1\n", "gateway.yaml:6:5: address-base beside template")]
    [InlineData("    template: meter\n    only: [volt]\n", "the template has no point \"volt\"")]
    [InlineData("    template: meter\n    points: [{ id: powr, every: 1s }]\n", "\"register\" is missing")]
    [InlineData("    template: meter\n    points: [{ id: power, scale: much }]\n", "gateway.yaml:6:34: \"much\" is not a number")]
    [InlineData("    unit-id: 1\n", "\"points\" is missing; add points")]
    [InlineData("    only: [a]\n    points: [{ id: a, register: input 0 }]\n", "\"only\" without a template")]
    public void Device_UsingATemplateWrong_SaysWhatToWrite(string device, string expected) => Assert.Contains(expected, Load(device).Problems);

    [Theory]
    [InlineData("device: M\ndocument: d\npage: p\npoints:\n  - { id: a, register: input 70000 }\n", "templates/meter.yaml:5:24: \"70000\" is not an address")]
    [InlineData("device: M\ndocument: d\npage: p\npoints:\n  - { id: a, register: input 0, scael: 2 }\n", "templates/meter.yaml:5:33: unknown key \"scael\"; write \"scale\"")]
    [InlineData("device: M\ndocument: d\npage: p\npoints: many\n", "templates/meter.yaml:4:9: \"many\" where a list belongs")]
    [InlineData("device: M\ndocument: d\npage: p\n", "templates/meter.yaml:1:1: a template without points")]
    [InlineData("device: M\npoints: [{ id: a, register: input 0 }]\n", "templates/meter.yaml:1:1: a template that does not say where its registers are from; add document: and page:, or unverified: true")]
    [InlineData("document: d\npage: p\npoints: [{ id: a, register: input 0 }]\n", "templates/meter.yaml:1:1: \"device\" is missing")]
    [InlineData("id: x\ndevice: M\nunverified: true\npoints: [{ id: a, register: input 0 }]\n", "templates/meter.yaml:1:1: \"id\" in a template")]
    [InlineData("device: M\nunverified: true\nadress-base: 1\npoints: [{ id: a, register: input 1 }]\n", "templates/meter.yaml:3:1: unknown key \"adress-base\"; write \"address-base\"")]
    [InlineData("device: [\n", "templates/meter.yaml:1:9: ")]
    public void Template_WrittenWrong_IsToldOnceAtItsPlace(string template, string expected)
    {
        var device = "    template: meter\n  - id: second\n    link: line\n    template: meter\n";
        var problems = Load(device, template).Problems.Split('\n');
        Assert.Single(problems, p => p.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Template_CountingFromOne_CountsTheDevicesOwnPointsToo()
    {
        var (configuration, problems) = Load(
            "    template: meter\n    points: [{ id: own, register: 30011 }]\n", "device: M\nunverified: true\naddress-base: modicon\npoints: [{ id: a, register: 30001 }]\n");
        Assert.Contains("unverified", problems);
        Assert.Equal("a input 0 uint16 1s; own input 10 uint16 1s", Points(configuration));
    }

    [Fact]
    public void LastGood_TemplateIsGone_RunsWithTheOneThatWasKept()
    {
        var (configuration, _) = Load($"    template: meter\ngateway: {{ data: {_folder} }}\n");
        LastGood.Keep(configuration!, new FakeTime().GetUtcNow());
        File.Delete(Path.Combine(_folder, "templates", "meter.yaml"));
        var problems = new Gateway.Configuration.ProblemList();
        var sources = Gateway.Configuration.ConfigurationFiles.Read(Path.Combine(_folder, "gateway.yaml"), problems);
        Assert.Null(ConfigurationLoader.Load(sources, AdapterCatalog.All, problems));
        var kept = LastGood.Load(sources, problems, AdapterCatalog.All);
        Assert.Equal(3, kept?.Devices[0].Points.Count);
        Assert.Contains("there is no template", kept?.InsteadOf);
    }
}
