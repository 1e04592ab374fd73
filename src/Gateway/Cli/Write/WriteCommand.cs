using System.CommandLine;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway write</c>: one value into a device, once.</summary>
internal static class WriteCommand
{
    private const string Meaning = $"""
        Writes a coil or a holding register of a Modbus device, or a point of the configuration, and says what the device holds then.

        It shows what is there, asks, writes once, reads back. A write without an answer is never repeated, because the device may have taken it: then it says
        that this is not known, and what the device holds. A point is written within its write limits and by its scale; a register as it is, unless --type says more.

        A line that the running gateway holds is used through it, ahead of its polls, and the gateway's log names who wrote what.

        {LineChoice.Lesson}

          edge-gateway write boiler-7 setpoint 21.5
          edge-gateway write --link plc --unit 17 holding 200 215
          edge-gateway write --link plc --unit 17 holding 300 231.4 --type float32 --order CDAB
          edge-gateway write --link plc --unit 17 coil 3 on --yes
          edge-gateway write --host 192.0.2.30 --transport rtu-over-tcp --unit 1 holding 200 215

        Who may: root, the gateway's own user, and the members of its group.
        The exit code is 0 when the device holds the value; 1 when it does not, or when that is not known; 2 for a wrong command line.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var what = new Argument<string[]>("WHAT") { Description = "A register and its value (holding 200 215), or a device, its point and its value (boiler-7 setpoint 21.5).", Arity = new ArgumentArity(2, 3) };
        var choice = new LineChoice();
        var type = RegisterOptions.Type();
        var order = RegisterOptions.Order();
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("write", Meaning) { what, type, order, yes };
        choice.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            var words = parsed.GetValue(what)!;
            if (FieldPlace.Parse(words[..^1], out var problem) is not { } place)
            {
                return Task.FromResult(session.Misused(problem!));
            }

            var wanted = place.Register is { } register
                ? RegisterWish.Of(register, words[^1], RegisterOptions.TypeOf(parsed, type), RegisterOptions.OrderOf(parsed, order), out problem)
                : place.Point is null ? Fail("name the point as well, for example: boiler-7 setpoint 21.5", out problem)
                : parsed.GetValue(type) is not null ? Fail("--type belongs to registers; a point has its own in the configuration", out problem)
                : null;
            if (problem is not null)
            {
                return Task.FromResult(session.Misused(problem));
            }

            if (!parsed.GetValue(yes) && !Prompt.IsPossible)
            {
                return Task.FromResult(session.Misused("write asks first, and there is no terminal to ask on; add --yes"));
            }

            return session.RunAsync(
                place.Device,
                (line, stop) => new Writing(line, session.Output, session.Error, parsed.GetValue(yes), parsed.GetValue(json)).RunAsync(wanted ?? PointWish.Of(line.Device!, place.Point!, words[^1]), stop),
                cancellation);
        });
        return command;
    }

    private static WriteWish? Fail(string text, out string? problem)
    {
        problem = text;
        return null;
    }
}
