using System.CommandLine;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary><c>edge-gateway scan modbus</c>.</summary>
internal static class ScanModbusCommand
{
    private const string Meaning = $"""
        Asks every unit of a Modbus line, or the hosts of a network, whether they are there, and who they are.

        It only reads: one holding register, where a refusal is an answer as well, and then the device's identification (function 43/14) if it has one.
        It says what to paste into the configuration. A silent unit costs the timeout (300ms, or --timeout): it shows how long it will take; Ctrl+C ends it and keeps what was found.

        Of several hosts, and of networks up to a /22, it asks the units 1, 255 and 0 unless --units names others: a device answers at one of them. One that takes
        connections and answers none may be a gateway to units behind it: it is named, and scanned alone for all of them. 16 hosts are asked at a time, each over
        one connection and one request after the other; one that takes no connection within a second is not there. Search only networks that are yours.

        Of a serial line without --baud and --parity the usual formats are tried one after the other: 9600 and 19200 baud, no and even parity; --bauds and
        --parities name others. A line that the running gateway holds is asked through it and as it is configured; meanwhile its polls come late by a timeout
        for each unit that is not there.

        {LineChoice.Lesson}

          edge-gateway scan modbus --host 192.0.2.20
          edge-gateway scan modbus --host 192.0.2.0/24
          edge-gateway scan modbus --host 192.0.2.20,192.0.2.21:1502 --units 1-32,100
          edge-gateway scan modbus --serial-port /dev/ttyUSB0 --timeout 100ms
          edge-gateway scan modbus --serial-port /dev/ttyUSB0 --bauds 2400,9600 --parities none --units 1-32
          edge-gateway scan modbus --link rs485-1

        Who may: root, the gateway's own user, and the members of its group. The exit code is 0 when something was found, 1 when nothing was.
        """;

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(300);

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var choice = new LineChoice(withUnit: false, manyHosts: true);
        var units = new Option<string?>("--units") { Description = "Which units to ask, for example 1-32,100; unless named 1-247, of several hosts 1, 255 and 0.", HelpName = "LIST" };
        var bauds = new Option<string?>("--bauds") { Description = "Speeds to try on a serial line, for example 2400,9600.", HelpName = "LIST" };
        var parities = new Option<string?>("--parities") { Description = "Parities to try on a serial line: none, even, odd.", HelpName = "LIST" };
        var json = new Option<bool>("--json") { Description = "For programs." };
        var command = new TaughtCommand("modbus", Meaning) { units, bauds, parities };
        choice.AddTo(command);
        command.Options.Add(json);
        command.SetAction((parsed, cancellation) =>
        {
            var session = new FieldSession(parsed, choice, catalog);
            var hosts = choice.HostsOf(parsed);
            var isNetwork = hosts.Count > 1;
            var asked = parsed.GetValue(units) is { } text ? UnitList.Parse(text) : isNetwork ? UnitList.OfManyHosts : UnitList.All;
            if (asked is null)
            {
                return Task.FromResult(session.Misused($"--units {parsed.GetValue(units)}: write numbers from 0 to 255, for example 1-32 or 1,5,100"));
            }

            if (SerialFormats.Parse(parsed.GetValue(bauds), parsed.GetValue(parities), choice.AdHocOf(parsed), choice.LeavesFormatOpen(parsed), out var problem) is not { } lines)
            {
                return Task.FromResult(session.Misused(problem!));
            }

            // Hundreds of units that are not there: a device that is, answers in a fraction of this.
            var isPatient = choice.TimeoutOf(parsed) is not null;
            lines = isPatient ? lines : [.. lines.Select(l => (l ?? choice.AdHocOf(parsed)) is { } own ? own with { Timeout = s_timeout } : null)];
            var isChosen = parsed.GetValue(units) is not null;
            var report = new ScanReport(session.Output, session.Error, parsed.GetValue(json), Advice(choice.AdHocOf(parsed)));
            if (isNetwork)
            {
                var search = new NetworkScan(session, isPatient ? hosts : [.. hosts.Select(static h => h with { Timeout = s_timeout })], asked, isChosen, report);
                session.Error.WriteLine($"edge-gateway: {search.Announcement}");
                return session.GuardAsync(stop => ConcludeAsync(session, search.RunAsync, report, stop), cancellation);
            }

            var scan = new ModbusScan(asked, isChosen, report, session.Error);
            return session.GuardAsync(stop => ConcludeAsync(session, token => ScanAsync(session, scan, lines, token), report, stop), cancellation);
        });
        return command;
    }

    private static string Advice(ModbusLinkOptions? line) => line is ModbusHostOptions
        ? "check the addresses, that Modbus is switched on in the devices, and firewalls on the way; or try another --transport, other --units or a longer --timeout"
        : "check power and wiring (A and B swapped?), try other --bauds and --parities, or a longer --timeout";

    private static async Task<int> ConcludeAsync(FieldSession session, Func<CancellationToken, Task> scanAsync, ScanReport report, CancellationToken stop)
    {
        try
        {
            await scanAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            session.Error.WriteLine("edge-gateway: interrupted; what was found until then:");
        }

        report.Conclude();
        return report.Count > 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task ScanAsync(FieldSession session, ModbusScan scan, IReadOnlyList<ModbusLinkOptions?> lines, CancellationToken stop)
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
}
