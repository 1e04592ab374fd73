using System.CommandLine;
using System.Text.Json;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary><c>edge-gateway status</c>: what the running daemon is doing.</summary>
internal static class StatusCommand
{
    private const string Meaning = """
        Says how the running gateway is: links, devices, broker, queues and bridges, each with a remedy when it is not well.

        It asks through the control socket in the runtime or data folder.

        The exit code is 0 when all is well, 1 when something is not or nobody answers.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("status", Meaning) { config, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var error = parsed.InvocationConfiguration.Error;
            var (configuration, problems) = ConfigurationLoader.Load(parsed.GetValue(config)!, catalog);
            if (configuration is null)
            {
                foreach (var problem in problems.All)
                {
                    error.WriteLine(problem);
                }

                return ExitCode.BadConfiguration;
            }

            if (await ControlSocket.TryGetAsync(configuration.Gateway.Data, ControlSocket.StatusPath, cancellation).ConfigureAwait(false) is not { } answer)
            {
                error.WriteLine($"no gateway runs on {configuration.Gateway.Data}: start it with edge-gateway run, or look at systemctl status edge-gateway");
                return ExitCode.Failed;
            }

            var report = JsonSerializer.Deserialize(answer, StatusJson.Default.StatusReport)!;
            if (report.Gateway.Data != configuration.Gateway.Data)
            {
                error.WriteLine($"no gateway runs on {configuration.Gateway.Data}; the one that answers, {report.Gateway.Id}, works on {report.Gateway.Data}: name its configuration with --config");
                return ExitCode.Failed;
            }

            if (parsed.GetValue(json))
            {
                output.WriteLine(System.Text.Encoding.UTF8.GetString(answer));
            }
            else
            {
                StatusText.Write(report, output);
            }

            return report.IsOk ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }
}
