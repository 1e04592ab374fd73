using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway templates</c>: register maps of known devices.</summary>
internal static class TemplatesCommand
{
    private const string Meaning = """
        Lists the register maps of known devices, or prints one of them.

        A device uses one by its name, and says below what is different:

          devices:
            - id: meter
              link: rs485-1
              unit-id: 1
              template: sdm630
              every: 5s                                   # instead of the template's intervals
              only: [voltage-l1, power, energy-import]    # instead of all of its points
              points:
                - { id: power, every: 1s, report: { change: 2%, at-least: 1m } }   # changes a point
                - { id: own, register: input 100, type: float32 }                  # adds one

        To make your own, print the one that comes nearest, change it and keep it as templates/NAME.yaml beside the configuration:
        it holds document and page (or unverified: true), and points as a device has them. Yours counts before a shipped one of the same name.
        """;

    public static Command Create()
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var name = new Argument<string?>("NAME") { Description = "The one to print.", Arity = ArgumentArity.ZeroOrOne };
        var command = new TaughtCommand("templates", Meaning) { name, config, json };
        command.SetAction(parsed =>
        {
            var problems = new ProblemList();
            var library = new TemplateLibrary(new TemplateFolder(parsed.GetValue(config)!), ShippedTemplates.All);
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var code = parsed.GetValue(name) is { } wanted ? Print(library, wanted, problems, output) : List(library, parsed.GetValue(json), problems, output);
            problems.WriteTo(error);

            return code;
        });
        return command;
    }

    private static int Print(TemplateLibrary library, string name, ProblemList problems, TextWriter output)
    {
        if (IdKind.IsValid(name) && library.Text(name, problems) is { } text)
        {
            output.Write(text);
            return ExitCode.Done;
        }

        var nearest = NearestKey.Of(name, library.List(new ProblemList()).Select(t => t.Name));
        problems.Error(new("templates", 1, 1), $"there is no template \"{name}\"", nearest is null ? "edge-gateway templates lists those that there are" : $"write {nearest}");
        return ExitCode.Failed;
    }

    private static int List(TemplateLibrary library, bool asJson, ProblemList problems, TextWriter output)
    {
        var all = library.List(problems);
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonObject { ["templates"] = new JsonArray([.. all.Select(t => (JsonNode?)ConfigurationSummaryJson.Template(t))]) }));
            return ExitCode.Done;
        }

        var text = new StringBuilder();
        Columns.Append(text, [.. all.Select(t => new[] { t.Name, t.Device, t.IsUnverified ? "unverified" : t.Source, t.File.StartsWith('(') ? "" : t.File })], "");
        output.Write(text);
        return ExitCode.Done;
    }
}
