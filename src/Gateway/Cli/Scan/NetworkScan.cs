using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Asks many hosts, some at a time, each over one connection and one request after the other. That somebody is not there is the rule.</summary>
/// <param name="session">Opens the lines.</param>
/// <param name="hosts">Whom to ask.</param>
/// <param name="units">Which of their units.</param>
/// <param name="isChosen">These units were named.</param>
/// <param name="report">Hears who is there.</param>
internal sealed class NetworkScan(FieldSession session, IReadOnlyList<ModbusHostOptions> hosts, IReadOnlyList<byte> units, bool isChosen, ScanReport report)
{
    /// <summary>16: a /24 is done in half a minute, and no switch or intrusion detection takes it for an attack.</summary>
    public const int AtOnce = 16;

    /// <summary>1 s: a device on the same network takes a connection in milliseconds, and one lost packet is repeated within.</summary>
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _absent = new(StringComparer.Ordinal);
    private int _done;
    private int _silent;

    /// <summary>What will be done, and how long it takes at most.</summary>
    public string Announcement
    {
        get
        {
            var rounds = (hosts.Count + AtOnce - 1) / AtOnce;
            var perHost = hosts[0].Timeout * units.Count;
            var longest = hosts[0] is ModbusConnectionOptions && Patient(hosts[0]) > perHost ? Patient(hosts[0]) : perHost;
            return $"asks {Words.Count(hosts.Count, "host")}, {Math.Min(AtOnce, hosts.Count)} at a time, for {Named}; takes at most about "
                + $"{Words.Age((long)Math.Max(1000, (rounds * longest).TotalMilliseconds))}; Ctrl+C ends it and keeps what was found";
        }
    }

    private string Named => units.Count == 1 ? $"unit {units[0]}" : units.Count <= 4 ? $"units {string.Join(", ", units)}" : $"{units.Count} units";

    public async Task RunAsync(CancellationToken stop)
    {
        using var progress = new ProgressLine(session.Error, hosts.Count);
        var many = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop };
        await Parallel.ForEachAsync(hosts.Index(), many, async (host, token) =>
        {
            var line = host.Item is ModbusConnectionOptions connection ? connection with { ConnectTimeout = Patient(connection) } : host.Item;
            try
            {
                await session.OpenAsync(null, async (open, cancellation) =>
                {
                    var (found, trouble) = await AskAsync(open, cancellation).ConfigureAwait(false);
                    Tell(progress, open, host.Index, found, trouble);
                    return ExitCode.Done;
                }, token, line).ConfigureAwait(false);
            }
            catch (ControlException e)
            {
                // The running gateway holds it and does not lend it as it was asked for.
                lock (_lock)
                {
                    progress.Dispose();
                    report.Trouble(e.Line);
                    _done++;
                }
            }
        }).ConfigureAwait(false);
        progress.Dispose();
        report.Absent(Summary());
    }

    private static TimeSpan Patient(ModbusHostOptions host) => host.Timeout > s_connect ? host.Timeout : s_connect;

    private async Task<(List<FoundUnit> Found, FieldReply? Trouble)> AskAsync(OpenLine line, CancellationToken cancellation)
    {
        var probe = new UnitProbe(line.Access, TimeProvider.System);
        var found = new List<FoundUnit>();
        foreach (var unit in units)
        {
            var (here, trouble) = await probe.AskAsync(unit, cancellation).ConfigureAwait(false);
            if (trouble is not null)
            {
                return (found, trouble);
            }

            if (here is not null)
            {
                found.Add(here);
            }
        }

        return (found, null);
    }

    private void Tell(ProgressLine progress, OpenLine line, int index, List<FoundUnit> found, FieldReply? trouble)
    {
        lock (_lock)
        {
            _done++;
            if (found.Count > 0 || (trouble is null && line.Options is ModbusConnectionOptions))
            {
                progress.Dispose();
            }

            // A device that is no gateway to others answers whatever the unit: it is one device.
            var isOne = !isChosen && found.Count == units.Count && found.Count > 1;
            foreach (var unit in isOne ? found.Take(1) : found)
            {
                report.Take(line, unit, index);
            }

            if (isOne)
            {
                report.AnswersToAll(line);
            }
            else if (found.Count == 0 && trouble is null && line.Options is ModbusConnectionOptions)
            {
                _silent++;
                report.Silent(line, Named);
            }
            else if (found.Count == 0)
            {
                var reason = trouble?.Reason ?? "timeout";
                _absent[reason] = _absent.GetValueOrDefault(reason) + 1;
            }

            progress.Show(_done, $"{_done} of {Words.Count(hosts.Count, "host")}, {report.Count} found");
        }
    }

    /// <summary>What became of the hosts on which nothing was found; empty: there are none.</summary>
    private string Summary()
    {
        string[] silent = _silent > 0 ? [$"{_silent} × no answer"] : [];
        var absent = _absent.OrderByDescending(static a => a.Value).Select(static a => $"{a.Value} × {Words.Safe(a.Key)}");
        return string.Join(", ", [.. absent, .. silent]);
    }
}
