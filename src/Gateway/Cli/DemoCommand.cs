using System.CommandLine;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Demo;
using Gateway.Hosting;

namespace Gateway.Cli;

/// <summary><c>edge-gateway demo</c>: the whole way in one command, without hardware.</summary>
internal static class DemoCommand
{
    private const string Meaning = """
        Shows the whole way without hardware, root or a configuration.

        Simulated Modbus meters, the real gateway, a stand-in for the cloud, and a line between them that is cut again and again.
        A subscriber in the cloud counts by identity what came, what is missing, what came twice and what came out of order.

        The exit code is 0 if nothing is missing at the end.
        """;

    private static readonly DurationKind s_duration = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var duration = new Option<string?>("--for") { Description = "How long, for example 30s or 5m; without it until Ctrl+C.", HelpName = "DURATION" };
        var command = new TaughtCommand("demo", Meaning) { duration };
        command.SetAction(async (parsed, cancellation) =>
        {
            var limit = TimeSpan.FromDays(7);
            if (parsed.GetValue(duration) is { } text && !s_duration.TryParse(text, out limit))
            {
                parsed.InvocationConfiguration.Error.WriteLine($"--for {text}: not {s_duration.Name}; write for example 30s or 5m");
                return ExitCode.WrongUsage;
            }

            using var stop = new StopSignals(cancellation);
            try
            {
                return await new DemoRun(catalog, parsed.InvocationConfiguration.Output).RunAsync(limit, stop.Token).ConfigureAwait(false) ? ExitCode.Done : ExitCode.Failed;
            }
            catch (StartException e)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"edge-gateway: {e.Message}");
                return ExitCode.Failed;
            }
        });
        return command;
    }
}
