using System.CommandLine;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Doctor;
using Gateway.Machine;

namespace Gateway.Cli;

/// <summary><c>edge-gateway status</c>: what the running daemon is doing.</summary>
internal static class StatusCommand
{
    private const string Meaning = """
        Says how the running gateway is: links, devices, broker, queues and bridges, each with a remedy when it is not well.

        It asks through the control socket in the runtime or data folder: root, the gateway's own user and the members of its group may.
        When no gateway runs, it says what would keep one from starting, if that can be seen; edge-gateway doctor looks further.

        Below storage it says what is written to the card: a day and a year, at the pace of the last 24 hours or since the start, all files of the journal
        with what it restates and pads. With gateway.storage-endurance (TBW in the card's data sheet) it says how long the card lasts at that pace; an eMMC
        also says itself how much of its life is used. The file system and other programs write, too: see /sys/block/*/stat.

        --watch asks again every 2 seconds until Ctrl+C, also while the gateway is being restarted: on a screen of its own at a terminal,
        otherwise block after block.

        The exit code is 0 when all is well, 1 when something is not or nobody answers; with --watch 0.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var json = new Option<bool>("--json") { Description = "For programs." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Go on asking." };
        var command = new TaughtCommand("status", Meaning) { config, watch, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var error = parsed.InvocationConfiguration.Error;
            var problems = new ProblemList();
            var sources = ConfigurationFiles.Read(parsed.GetValue(config)!, problems);
            var configuration = ConfigurationLoader.Load(sources, catalog, problems);
            if (configuration is null)
            {
                problems.WriteTo(error);
            }

            // Also with a broken configuration: a gateway may run with the last good one.
            string[] folders = configuration is null ? [.. LastGood.DataFolders(sources)] : [configuration.Gateway.Data];
            var question = new StatusQuestion(folders, () => configuration is null ? null : Obstacles.Of(configuration, new MachineFiles()).Select(static o => $"{o.Text}; {o.Remedy}").FirstOrDefault());
            if (parsed.GetValue(watch))
            {
                return await new StatusWatch(question, output, parsed.GetValue(json), TimeProvider.System).RunAsync(cancellation).ConfigureAwait(false);
            }

            var (answer, report, nobody) = await question.AskAsync(cancellation).ConfigureAwait(false);
            if (answer is null || report is null)
            {
                error.WriteLine(nobody);
                return configuration is null ? ExitCode.BadConfiguration : ExitCode.Failed;
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
