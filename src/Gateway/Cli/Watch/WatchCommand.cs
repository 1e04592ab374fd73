using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway watch</c>: registers of a device, again and again.</summary>
internal static class WatchCommand
{
    private const string Meaning = $"""
        Reads registers of a Modbus device again and again until Ctrl+C, and shows what changes.

        At a terminal it is a table that is kept up to date: hexadecimal, unsigned, signed, and with the register behind it as a float in all four orders;
        what has changed in the last seconds stands out. Turn something on at the device and see which register moves. Otherwise, or with --follow,
        it is a line for each change.

        Of a device of the configuration it shows the points with their values, read by as few requests as the gateway itself would make.
        A line that the running gateway holds is read through it, between its polls, which go on as they are.

        {LineChoice.Lesson}

          edge-gateway watch --link plc --unit 17 holding 100 --count 20
          edge-gateway watch boiler-7
          edge-gateway watch --host 192.0.2.20 --unit 1 input 0 --count 50 --every 500ms
          edge-gateway watch boiler-7 supply-temperature --follow --json

        Who may: root, the gateway's own user, and the members of its group. The exit code is 0, or 1 when the line cannot be used at all.
        """;

    private const int DefaultCount = 10;

    /// <summary>More than any window shows.</summary>
    private const int Most = 1000;

    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    /// <summary>100 ms: nobody sees more, and the line has other work.</summary>
    private static readonly DurationKind s_every = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var what = new Argument<string[]>("WHAT") { Description = FieldPlace.Meaning, Arity = new ArgumentArity(1, 2) };
        var choice = new LineChoice();
        var count = LineChoice.Numbered("--count", $"How many registers or bits; {DefaultCount} unless named.", "N", 1, Most);
        var every = new Option<string?>("--every") { Description = $"How often to read; {s_every.Write(s_pace)} unless named.", HelpName = "DURATION" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Lines instead of a table, at a terminal as well." };
        var json = new Option<bool>("--json") { Description = "For programs: one document a line." };
        var command = new TaughtCommand("watch", Meaning) { what, count, every, follow };
        choice.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            var pace = s_pace;
            if (parsed.GetValue(every) is { } text && !s_every.TryParse(text, out pace))
            {
                return Task.FromResult(session.Misused($"--every {text}: not {s_every.Name}; write for example 500ms"));
            }

            if (FieldPlace.Parse(parsed.GetValue(what)!, out var problem) is not { } place)
            {
                return Task.FromResult(session.Misused(problem!));
            }

            return session.RunAsync(
                place.Device,
                async (line, stop) =>
                {
                    var watching = new Watching(line, Source(line, place, parsed.GetValue(count) ?? DefaultCount), pace, session.Output, session.Error);
                    var isPicture = !parsed.GetValue(follow) && !parsed.GetValue(json) && LiveScreen.IsPossible(session.Output);
                    await (isPicture ? watching.PaintAsync(stop) : watching.WriteAsync(parsed.GetValue(json), stop)).ConfigureAwait(false);
                    return ExitCode.Done;
                },
                cancellation,
                whenInterrupted: ExitCode.Done);
        });
        return command;
    }

    private static IWatchSource Source(OpenLine line, FieldPlace place, int count)
    {
        var access = new RegisterAccess(line.Access, line.Unit, TimeProvider.System);
        return place.Register is { } at
            ? new RegisterSource(new RegisterReader(access, line.Limit), new RegisterRange(at.Space, at.Address, Math.Min(count, ushort.MaxValue + 1 - at.Address)))
            : new PointSource(access, PointReader.Find(line.Device!, place.Point), ((ModbusDevice)line.Device!.Address).Plan.Over(((ModbusLinkOptions)line.Device.Link).Limits));
    }
}
