using System.CommandLine;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway schema</c>: the keys of the configuration, for editors or for people.</summary>
public static class SchemaCommand
{
    private const string Meaning = """
        Prints the JSON Schema (2020-12) of the configuration, for editors that complete and check YAML while one writes.

        With --text: every key with its kind, its default and the reason, for reading.
        """;

    /// <param name="catalog">The protocols that are built.</param>
    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var text = new Option<bool>("--text") { Description = "For people instead of editors." };
        var command = new TaughtCommand("schema", Meaning) { text };
        command.SetAction(parsed =>
        {
            var kind = ConfigurationTable.Kind(catalog);
            parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(text) ? HelpText.Of(kind.Keys) : JsonOutput.Of(Schema(kind)));
            return ExitCode.Done;
        });
        return command;
    }

    private static System.Text.Json.Nodes.JsonObject Schema(Kind<GatewayConfiguration> kind)
    {
        var schema = kind.Schema();
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "The configuration of an edge gateway");
        return schema;
    }
}
