using System.CommandLine;
using System.Text.Json.Nodes;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway check</c>: everything that is wrong with a configuration, or what it would run.</summary>
public static class CheckCommand
{
    private const string Meaning = """
        Says everything that is wrong with the configuration, or what it would run.

        It opens nothing: neither a line nor a port.

        Everything that is wrong is printed at once, one line each: file:line:column: what is wrong; what to write instead.
        If nothing is wrong, a summary of what would run. The exit code is 0, or 78 for a bad configuration.

        --plan adds what each link will ask of its devices: which points are read together, how often, how many bytes that takes,
        and for serial lines how full the line will be at its baud, with a warning if that is more than 80 %.

        All keys with their defaults: edge-gateway schema --text. Register maps of known devices: edge-gateway templates; the summary says which are used,
        from which document they are, and warns of those that could not be compared with it.
        """;

    /// <param name="catalog">The protocols that are built.</param>
    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs: { ok, problems, summary }; with --plan also plan." };
        var plan = new Option<bool>("--plan") { Description = "What each link will ask, how often, and how full serial lines will be." };
        var command = new TaughtCommand("check", Meaning) { config, plan, json };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(config)!;
            var (configuration, problems) = ConfigurationLoader.Load(path, catalog, withFiles: true);
            var output = parsed.InvocationConfiguration.Output;
            var withPlan = parsed.GetValue(plan) && configuration is not null;
            if (parsed.GetValue(json))
            {
                var answer = Json(configuration, problems);
                if (withPlan)
                {
                    answer["plan"] = PollPlanJson.Of(configuration!, catalog);
                }

                output.WriteLine(JsonOutput.Of(answer));
            }
            else
            {
                Tell(configuration, problems, output, parsed.InvocationConfiguration.Error);
                output.Write(withPlan ? PollPlanText.Of(configuration!, catalog) : "");
            }

            return configuration is null ? ExitCode.BadConfiguration : ExitCode.Done;
        });
        return command;
    }

    private static void Tell(GatewayConfiguration? configuration, ProblemList problems, TextWriter output, TextWriter error)
    {
        var all = problems.All;
        foreach (var problem in all)
        {
            error.WriteLine(problem);
        }

        if (configuration is null)
        {
            var errors = all.Count(p => !p.IsWarning);
            error.WriteLine(errors == 1 ? "1 error: nothing would start." : $"{errors} errors: nothing would start.");
            return;
        }

        output.Write(ConfigurationSummary.Of(configuration));
    }

    private static JsonObject Json(GatewayConfiguration? configuration, ProblemList problems) => new()
    {
        ["ok"] = configuration is not null,
        ["problems"] = new JsonArray([.. problems.All.Select(p => (JsonNode)new JsonObject
        {
            ["file"] = p.Position.File,
            ["line"] = p.Position.Line,
            ["column"] = p.Position.Column,
            ["severity"] = p.IsWarning ? "warning" : "error",
            ["wrong"] = p.Wrong,
            ["instead"] = p.Instead,
        })]),
        ["summary"] = configuration is null ? null : ConfigurationSummaryJson.Of(configuration),
    };
}
