using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway solve</c>: from what a display shows to the register behind it.</summary>
internal static class SolveCommand
{
    private const string Meaning = $"""
        Finds the register behind a value that a device's display shows, when there is no manual or it is not right.

        It reads the device's registers (reads only; what is not there is skipped), tries every type, order of bytes and usual scale, and lists what fits,
        the most plausible first, with the line to paste into the configuration. A single look leaves some chance hits: at a terminal it asks what the display
        shows later, and keeps only what fits both. Without a terminal --save keeps the candidates and --from goes on with them.

        Registers are read a moment after the look: what is within --tolerance fits, 0.5 % or one step of the last digit unless named.

        {LineChoice.Lesson}

          edge-gateway solve --link plc --unit 1 --value 231.4
          edge-gateway solve --host 192.0.2.20 --value 231.4 --range holding 0-200 --range input 0-100
          edge-gateway solve --link plc --value 231.4 --save look.json
          edge-gateway solve --link plc --value 229.8 --from look.json --save look.json

        Who may: root, the gateway's own user, and the members of its group. The exit code is 0 when something fits, 1 when nothing does or the device does not answer.
        """;

    private const int DefaultLimit = 12;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var choice = new LineChoice();
        var value = new Option<string>("--value") { Description = "What the display shows, with all its digits.", HelpName = "NUMBER", Required = true };
        var tolerance = new Option<string?>("--tolerance") { Description = "How far a register may be away: a number, or a share such as 2%.", HelpName = "NUMBER" };
        var range = new Option<string[]>("--range")
        {
            Description = "Where to look, for example holding 0-500; unless named, holding and input 0 to 499. May be repeated.", HelpName = "TABLE FROM-TO", AllowMultipleArgumentsPerToken = true, Arity = ArgumentArity.OneOrMore,
        };
        var from = new Option<string?>("--from") { Description = "Go on with the candidates of an earlier look.", HelpName = "FILE" };
        var save = new Option<string?>("--save") { Description = "Keep the candidates for the next look.", HelpName = "FILE" };
        var limit = LineChoice.Numbered("--limit", $"How many to show; {DefaultLimit} unless named.", "N", 1, 10_000);
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("solve", Meaning) { value, tolerance, range, from, save, limit };
        choice.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            var problem = Sighting.TryParse(parsed.GetValue(value)!, parsed.GetValue(tolerance), out var seen);
            var ranges = problem is null ? SolveRange.Parse(parsed.GetValue(range) ?? [], out problem) : [];
            if (problem is not null)
            {
                return Task.FromResult(session.Misused(problem));
            }

            return session.RunAsync(
                device: null,
                (line, stop) =>
                {
                    var kept = parsed.GetValue(from) is { } path ? SolveFile.Read(path) : null;
                    var wish = new SolveWish(seen!, parsed.GetValue(tolerance), ranges, kept, parsed.GetValue(save), parsed.GetValue(limit) ?? DefaultLimit, parsed.GetValue(json));
                    return new Solving(kept is null ? line : line with { Unit = kept.Unit }, wish, session.Output, session.Error).RunAsync(stop);
                },
                cancellation);
        });
        return command;
    }
}
