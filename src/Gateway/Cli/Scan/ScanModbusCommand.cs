using System.CommandLine;
using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan modbus</c>.</summary>
internal static class ScanModbusCommand
{
    private const string Meaning = """
        Asks every unit of a Modbus line whether it is there, and who it is.

        It only reads: one holding register, where a refusal is an answer as well, and then the device's identification (function 43/14) if it has one.
        It says what to paste into the configuration. A silent unit costs the timeout (300ms, or --timeout): it shows how long it will take; Ctrl+C ends it and keeps what was found.

        Of a serial line without --baud and --parity the usual formats are tried one after the other: 9600 and 19200 baud, no and even parity; --bauds and
        --parities name others. A line that the running gateway holds is asked through it and as it is configured; meanwhile its polls come late by a timeout
        for each unit that is not there.

          edge-gateway scan modbus --host 192.0.2.20
          edge-gateway scan modbus --serial-port /dev/ttyUSB0 --timeout 100ms
          edge-gateway scan modbus --serial-port /dev/ttyUSB0 --bauds 2400,9600 --parities none --units 1-32
          edge-gateway scan modbus --link rs485-1

        Who may: root, the gateway's own user, and the members of its group. The exit code is 0 when something was found, 1 when nothing was.
        """;

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(300);

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var choice = new LineChoice();
        var units = new Option<string?>("--units") { Description = "Which units to ask, for example 1-32 or 5; unless named 1-247.", HelpName = "FROM-TO" };
        var bauds = new Option<string?>("--bauds") { Description = "Speeds to try on a serial line, for example 2400,9600.", HelpName = "LIST" };
        var parities = new Option<string?>("--parities") { Description = "Parities to try on a serial line: none, even, odd.", HelpName = "LIST" };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("modbus", Meaning) { units, bauds, parities };
        choice.AddTo(command, withUnit: false);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            var range = ParseUnits(parsed.GetValue(units));
            if (range is null)
            {
                return Task.FromResult(session.Misused($"--units {parsed.GetValue(units)}: write numbers from 0 to 255, for example 1-32"));
            }

            if (SerialFormats.Parse(parsed.GetValue(bauds), parsed.GetValue(parities), choice.AdHocOf(parsed), choice.LeavesFormatOpen(parsed), out var problem) is not { } lines)
            {
                return Task.FromResult(session.Misused(problem!));
            }

            // Hundreds of units that are not there: a device that is, answers in a fraction of this.
            lines = choice.TimeoutOf(parsed) is not null ? lines : [.. lines.Select(l => (l ?? choice.AdHocOf(parsed)) is { } own ? own with { Timeout = s_timeout } : null)];
            var report = new ScanReport(session.Output, session.Error, parsed.GetValue(json));
            var scan = new ModbusScan(range.Value.From, range.Value.To, isChosen: parsed.GetValue(units) is not null, report, session.Error);
            return session.GuardAsync(stop => ScanAsync(session, scan, lines, report, stop), cancellation);
        });
        return command;
    }

    private static async Task<int> ScanAsync(FieldSession session, ModbusScan scan, IReadOnlyList<ModbusLinkOptions?> lines, ScanReport report, CancellationToken stop)
    {
        try
        {
            foreach (var instead in lines)
            {
                var isAlone = false;
                var code = await session.OpenAsync(null, (line, token) =>
                {
                    isAlone = line.IsHeld;
                    return scan.RunAsync(line, token);
                }, stop, instead).ConfigureAwait(false);
                if (code != ExitCode.Done || isAlone)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            session.Error.WriteLine("edge-gateway: interrupted; what was found until then:");
        }

        report.Conclude();
        return report.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static (int From, int To)? ParseUnits(string? text)
    {
        if (text is null)
        {
            return (1, 247);
        }

        var ends = text.Split('-');
        return ends.Length is 1 or 2 && byte.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            && byte.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var to) && from <= to ? (from, to) : null;
    }
}
