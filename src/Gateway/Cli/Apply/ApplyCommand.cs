using System.CommandLine;
using System.Globalization;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway apply FILE</c>: another configuration for the running gateway, and the way back.</summary>
internal static class ApplyCommand
{
    private const string Meaning = """
        Gives the running gateway another configuration, watches it, and takes it back if it went worse.

        FILE is checked first: everything that is wrong is printed at once, and nothing is touched (exit code 78). Then it says what changes and what is
        interrupted by it, and asks. The gateway takes it over while it runs: links, bridges and listeners that are the same go on without a pause.

        It is watched (--watch): if a link, a device or a bridge was well before and is not well at the end, the configuration from before runs again, and
        apply says why (exit code 1). What is new and not well is told, and stays. --keep keeps it whatever happens; then the exit code says whether all is well.

        Only then the file of --config is replaced, and kept as the last good one. So until then Ctrl+C takes it back; a lost connection, a crash or a power
        cut do too. FILE may be that file itself, edited in place: then it stays as it is written, also when it is rolled back.

        conf.d/*.yaml beside the file of --config counts too, as at a start. Relative paths in FILE are relative to the folder of the file of --config.

          edge-gateway apply new.yaml --dry-run
          edge-gateway apply new.yaml
          edge-gateway apply new.yaml --yes --watch 2m

        With --json: result (kept, rolled-back, written, dry-run, refused, needs-restart, failed), reason, problems, changes, effects, needs-restart,
        worse, not-well; what is meant for people still goes to standard error. Programs give --yes or --dry-run.
        """;

    /// <summary>A minute: back-offs and slow devices included.</summary>
    private static readonly TimeSpan s_watch = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_longestWatch = TimeSpan.FromHours(1);

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var file = new Argument<string>("FILE") { Description = "The configuration that shall run." };
        var config = ConfigOption.Create();
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would change." };
        var keep = new Option<bool>("--keep") { Description = "Keep it even if something goes worse." };
        var watch = new Option<TimeSpan?>("--watch")
        {
            Description = "How long it is watched (10s, 2m); without it a minute.",
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (result.Tokens.Count == 1 && TryParse(result.Tokens[0].Value, out var time))
                {
                    return time;
                }

                result.AddError($"--watch wants a time from 0s to {s_longestWatch.TotalHours:0}h, like 60s or 2m");
                return default;
            },
        };
        var json = new Option<bool>("--json") { Description = "For programs: one document at the end." };
        var command = new TaughtCommand("apply", Meaning) { file, config, yes, dry, keep, watch, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var wish = new ApplyWish(
                Path.GetFullPath(parsed.GetValue(file)!), Path.GetFullPath(parsed.GetValue(config)!), parsed.GetValue(yes), parsed.GetValue(dry), parsed.GetValue(keep), parsed.GetValue(watch) ?? s_watch);
            var (output, outcome) = (parsed.InvocationConfiguration.Output, new ApplyOutcome());
            var asJson = parsed.GetValue(json);
            var code = await new ApplySession(wish, catalog, asJson ? TextWriter.Null : output, parsed.InvocationConfiguration.Error, outcome).RunAsync(cancellation).ConfigureAwait(false);
            if (asJson)
            {
                output.WriteLine(outcome.ToJson());
            }

            return code;
        });
        return command;
    }

    private static bool TryParse(string text, out TimeSpan time)
    {
        var unit = text.TrimStart([.. "0123456789"]);
        time = default;
        if (!int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        TimeSpan? one = unit switch { "ms" => TimeSpan.FromMilliseconds(1), "s" => TimeSpan.FromSeconds(1), "m" => TimeSpan.FromMinutes(1), "h" => TimeSpan.FromHours(1), _ => null };
        time = one is { } step && number <= s_longestWatch / step ? number * step : default;
        return one is { } && number <= s_longestWatch / one;
    }
}

/// <param name="File">What shall run.</param>
/// <param name="Target">The file of <c>--config</c>.</param>
/// <param name="Yes">Do not ask.</param>
/// <param name="DryRun">Only look.</param>
/// <param name="Keep">Never roll back.</param>
/// <param name="Watch">How long it is watched.</param>
internal sealed record ApplyWish(string File, string Target, bool Yes, bool DryRun, bool Keep, TimeSpan Watch);
