using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Cli;

namespace Gateway.Tests.Configuration;

public class CheckCommandTests
{
    [Fact]
    public void Check_OfBadConfiguration_PrintsProblemsAndEndsWith78()
    {
        var path = Path.Combine(Repository.Broken, "11-key-twice.yaml");

        var (code, output, error) = Run("check", "--config", path);

        Assert.Equal(78, code);
        Assert.Equal("", output);
        Assert.StartsWith($"{path}:4:3: \"root\" is there twice", error, StringComparison.Ordinal);
        Assert.EndsWith("1 error: nothing would start.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ForPrograms_IsJson()
    {
        var (bad, problems, _) = Run("check", "--json", "--config", Path.Combine(Repository.Broken, "11-key-twice.yaml"));
        var (good, summary, _) = Run("check", "--json", "--config", Path.Combine(Repository.Samples, "minimal.yaml"));

        var problem = JsonNode.Parse(problems)!["problems"]![0]!;
        Assert.Equal((78, 4, 3, "error"), (bad, (int)problem["line"]!, (int)problem["column"]!, (string)problem["severity"]!));
        var topics = JsonNode.Parse(summary)!["summary"]!["topics"]!.AsArray().Select(t => (string)t!["topic"]!);
        Assert.Equal(0, good);
        Assert.Contains("edge/boiler/telemetry/temperature", topics);
    }

    [Fact]
    public void Check_OfMissingFile_SaysSo()
    {
        var (code, _, error) = Run("check", "--config", "/nowhere/gateway.yaml");

        Assert.Equal(78, code);
        Assert.StartsWith("/nowhere/gateway.yaml:1:1: there is no such folder; ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AskedForHelp_TeachesTheFormat() => Assert.Contains("file:line:column", Run("check", "--help").Output, StringComparison.Ordinal);

    [Fact]
    public void Schema_Printed_DescribesEverySection()
    {
        var schema = JsonNode.Parse(Run("schema").Output)!;

        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string)schema["$schema"]!);
        Assert.Equal(["bridges", "broker", "devices", "gateway", "http", "links", "topics"], schema["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        var link = schema["properties"]!["links"]!["items"]!;
        Assert.Equal("modbus-tcp", (string)link["anyOf"]![0]!["properties"]!["type"]!["const"]!);
        var port = schema["properties"]!["broker"]!["properties"]!["listeners"]!["items"]!["properties"]!["port"]!;
        Assert.Equal(("integer", 0, 65535), ((string)port["type"]!, (int)port["minimum"]!, (int)port["maximum"]!));
        Assert.Equal("TCP port; 0 takes one that is free. Default: 1883.", (string)port["description"]!);
    }

    [Fact]
    public void Schema_ForPeople_NamesKindsDefaultsAndReasons()
    {
        var text = Run("schema", "--text").Output;

        Assert.Contains("session-expiry: a duration from 1s to 365d (default: 7d)", text, StringComparison.Ordinal);
        Assert.Contains("with a link of type modbus-tcp:", text, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var root = CommandLine.Create(FakeModbus.Catalog);
        var code = root.Parse(arguments).Invoke(new() { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
