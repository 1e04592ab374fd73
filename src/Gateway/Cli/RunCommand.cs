using System.CommandLine;
using System.Runtime.InteropServices;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Diagnostics;
using Gateway.Hosting;
using Gateway.Users;
using Microsoft.Extensions.Logging;

namespace Gateway.Cli;

/// <summary><c>edge-gateway run</c>: the daemon.</summary>
internal static class RunCommand
{
    private const string Meaning = """
        Runs the gateway until SIGTERM or Ctrl+C.

        A broken configuration is told, and the one with which the gateway ran last is taken instead (--strict refuses that);
        the first one ever ends it with 78, a local fault that does not heal (port in use, no permission) with 1 and what to do about it.
        Devices, lines and brokers that cannot be reached do not: it runs without them and goes on when they are back.

        A data folder that was last used on another machine, or comes out of a backup, goes on with its queues; new messages get new epochs and an
        alert says so. Machines are told apart by /etc/machine-id and, on a Pi, the board's serial number. Where these do not stay (containers),
        set EDGE_GATEWAY_MACHINE_ID.

        In the data folder: identity.json, users, the journal, and under field/ what links must not forget: counters (of encrypted devices, heard and
        sent; without it each is believed once, as if it were new) and lora-airtime (what was sent within the last hour; without it nothing is sent for
        an hour where the region limits it). They are written in place and read back after a power cut; an alert tells when one is lost, or a copy.
        """;

    public static Command Create(IReadOnlyList<IAdapterType> catalog)
    {
        var config = ConfigOption.Create();
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Log more." };
        var strict = new Option<bool>("--strict") { Description = "End with 78 on a broken configuration, whatever ran before." };
        var command = new TaughtCommand("run", Meaning) { config, strict, verbose };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(config)!, parsed.GetValue(strict), catalog, parsed.GetValue(verbose) ? LogLevel.Debug : LogLevel.Information,
            parsed.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        string path, bool strict, IReadOnlyList<IAdapterType> catalog, LogLevel level, TextWriter error, CancellationToken interrupted)
    {
        var problems = new ProblemList();
        var sources = ConfigurationFiles.Read(path, problems);
        var configuration = ConfigurationLoader.Load(sources, catalog, problems) ?? (strict ? null : LastGood.Load(sources, problems, catalog));
        if (configuration is null)
        {
            error.WriteLine(string.Join('\n', File.Exists(path) || Directory.Exists(path)
                ? problems.All.Select(static p => p.ToString())
                : [$"{path}: there is no such file; edge-gateway init{(path == ConfigurationLoader.DefaultPath ? "" : $" --config {path}")} writes one, --config FILE names another, edge-gateway demo needs none"]));
            return ExitCode.BadConfiguration;
        }

        using var systemd = new SystemdNotifier();
        using var stop = new StopSignals(interrupted, PosixSignal.SIGINT, PosixSignal.SIGTERM);
        using var logs = LoggerFactory.Create(l => LogOutput.Configure(l, level));
        var log = logs.CreateLogger("Gateway");

        // From the beginning: unhandled, it would end the process. A gateway that is still starting reads everything anyway.
        GatewayHost? running = null;
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            Volatile.Read(ref running)?.Reload();
        });
        foreach (var problem in problems.All)
        {
            HostLog.ConfigurationWarning(log, problem.ToString());
        }

        try
        {
            await using var host = await GatewayHost.StartAsync(configuration, catalog, l => LogOutput.Configure(l, level), TimeProvider.System, stop.Token).ConfigureAwait(false);
            Volatile.Write(ref running, host);
            TellFirstPassword(host, error);
            return await ServeAsync(host, configuration, systemd, log, stop.Token).ConfigureAwait(false);
        }
        catch (StartException e)
        {
            error.WriteLine($"edge-gateway: {e.Message}");
            systemd.Status(e.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    private static async Task<int> ServeAsync(GatewayHost host, GatewayConfiguration configuration, SystemdNotifier systemd, ILogger log, CancellationToken stop)
    {
        var report = host.Status.Collect();
        HostLog.Ready(log, report.Gateway.Id, string.Join(", ", report.Broker.Listeners), host.HttpAddress?.ToString() ?? "no port", report.Gateway.Boot, configuration.Gateway.Data);
        systemd.Ready(report.Summary);

        // The start's garbage (the configuration's tree, the scan of a whole journal segment) would stay in memory for hours of an idle day.
        GC.Collect(2, GCCollectionMode.Aggressive);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var duties = Task.WhenAll(
            new Watchdog(systemd, host.Hearts, TimeProvider.System).RunAsync(ended.Token),
            TellAsync(host, systemd, ended.Token),
            KeepAsync(host, log, ended.Token));
        await Task.WhenAny(host.Failed, Task.Delay(Timeout.Infinite, stop)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        await duties.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        HostLog.Stopping(log);
        systemd.Stopping();
        await host.DisposeAsync().ConfigureAwait(false);
        HostLog.Stopped(log);
        return host.Failed.IsFaulted ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>Once, to a person at a terminal. A log is kept, copied and sent away: it names the file only.</summary>
    private static void TellFirstPassword(GatewayHost host, TextWriter error)
    {
        if (host.FirstPassword is { } password && !Console.IsErrorRedirected)
        {
            error.WriteLine();
            error.WriteLine($"  user      {FirstUser.Name}");
            error.WriteLine($"  password  {password}");
            error.WriteLine();
        }
    }

    /// <summary>Keeps the configuration once the gateway has run with it for a while.</summary>
    private static async Task KeepAsync(GatewayHost host, ILogger log, CancellationToken stop)
    {
        await Task.Delay(LastGood.Probation, stop).ConfigureAwait(false);
        var configuration = host.Configuration;
        if (configuration.InsteadOf is not null)
        {
            return;
        }

        try
        {
            LastGood.Keep(configuration, DateTimeOffset.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            HostLog.NotKept(log, e.Message);
        }
    }

    /// <summary>Keeps systemd's STATUS= equal to what <c>status</c> says in its first line.</summary>
    private static async Task TellAsync(GatewayHost host, SystemdNotifier systemd, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        var told = "";
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            var summary = host.Status.Collect().Summary;
            if (summary != told)
            {
                systemd.Status(told = summary);
            }
        }
    }
}
