using System.Net;
using Gateway.Cli;
using Gateway.Core;
using Gateway.Hosting;
using Gateway.Simulators;
using Microsoft.Extensions.Logging;

namespace Gateway.Demo;

/// <summary>The real gateway between simulated meters and a cloud, with a line between them that is cut again and again.</summary>
internal sealed class DemoRun(IReadOnlyList<IAdapterType> catalog, TextWriter output)
{
    /// <summary>Long enough to see the queue rise, short enough to see it twice in a minute.</summary>
    private static readonly TimeSpan s_up = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_down = TimeSpan.FromSeconds(8);

    private static readonly TimeSpan s_line = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_picture = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the last values may take to arrive once the line is up for good.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly DemoBackend _backend = new();

    /// <returns>true: nothing is missing.</returns>
    public async Task<bool> RunAsync(TimeSpan duration, CancellationToken interrupted)
    {
        var folder = Directory.CreateTempSubdirectory("edge-gateway-demo-");
        try
        {
            await using var cloud = await CloudBroker.StartAsync(interrupted).ConfigureAwait(false);
            await using var line = new CuttingProxy(new IPEndPoint(IPAddress.Loopback, cloud.Port));
            var (parsed, problems) = ConfigurationLoader.Parse(DemoConfiguration.Yaml(folder.FullName, line.Port), "demo.yaml", catalog);
            var configuration = parsed ?? throw new InvalidOperationException(string.Join('\n', problems.All));
            await using var field = await SimulatedDevices.StartAsync(configuration.Devices, TimeProvider.System).ConfigureAwait(false);
            configuration = configuration with { Devices = field.Devices };
            using var stop = new CancellationTokenSource();
            
            // Before the first value: what is published to nobody is nobody's loss, but it would count as missing.
            var listening = await _backend.StartAsync(cloud.Port, stop.Token).ConfigureAwait(false);
            var host = await GatewayHost.StartAsync(configuration, catalog, l => LogOutput.Configure(l, LogLevel.Error), TimeProvider.System, interrupted).ConfigureAwait(false);
            await using (host.ConfigureAwait(false))
            {
                var introduction = Introduction(host.Status.Collect().Broker.Listeners[0], cloud.Port);
                foreach (var sentence in introduction)
                {
                    output.WriteLine(sentence);
                }

                using var view = LiveScreen.IsPossible(output) ? new DemoView(output, introduction) : null;
                await ShowAsync(host, line, view, duration, interrupted).ConfigureAwait(false);
                await (view?.EndAsync() ?? Task.CompletedTask).ConfigureAwait(false);
                line.Mend();
                output.WriteLine("the line stays up; waiting until everything has arrived");
                await host.StopFieldAsync().ConfigureAwait(false);
                await DrainAsync(() => Waiting(host) == 0).ConfigureAwait(false);
            }

            // The last ledgers are on their way.
            await DrainAsync(() => _backend.Counts.Open == 0).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
            return Conclude();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static ulong Waiting(GatewayHost host) => host.Status.Collect().Storage.Streams.Aggregate(0UL, (sum, s) => sum + s.Waiting);

    private static async Task DrainAsync(Func<bool> done)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!done() && time.GetElapsedTime(start) < s_patience)
        {
            await pace.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }

    private static IReadOnlyList<string> Introduction(string lan, int cloudPort) =>
    [
        "Two simulated Modbus devices, a gateway, a cloud. The line to the cloud is cut and mended again and again; Ctrl+C ends the demo.",
        $"  look on, on the LAN:     mosquitto_sub -h 127.0.0.1 -p {lan.Split(':')[^1]} -v -t 'edge/#'",
        $"  look on, in the cloud:   mosquitto_sub -h 127.0.0.1 -p {cloudPort} -v -t '#'",
        $"  command from the cloud:  mosquitto_pub -h 127.0.0.1 -p {cloudPort} -q 1 -t edge/boiler-7/set/setpoint -m 55.5",
    ];

    private async Task ShowAsync(GatewayHost host, CuttingProxy line, DemoView? view, TimeSpan duration, CancellationToken interrupted)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        using var pace = new PeriodicTimer(view is null ? s_line : s_picture);
        var up = true;
        try
        {
            do
            {
                var elapsed = time.GetElapsedTime(start);
                var shouldBeUp = TimeSpan.FromTicks(elapsed.Ticks % (s_up + s_down).Ticks) < s_up;
                if (shouldBeUp != up)
                {
                    up = shouldBeUp;
                    (up ? (Action)line.Mend : line.Cut)();
                }

                var moment = new DemoMoment(elapsed, up, Waiting(host), _backend.Counts, _backend.Values);
                if (view is null)
                {
                    output.WriteLine(moment.Line);
                }
                else
                {
                    view.Show(moment);
                }
            }
            while (time.GetElapsedTime(start) < duration && await pace.WaitForNextTickAsync(interrupted).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            // Ctrl+C is how the demo usually ends.
        }
    }

    private bool Conclude()
    {
        var counts = _backend.Counts;
        output.WriteLine(
            $"received {counts.Received}, missing {counts.Missing}, duplicated {counts.Duplicates}, out of order {counts.OutOfOrder}, "
            + $"replaced by newer {counts.Dropped}, still open {counts.Open}");
        foreach (var line in _backend.Streams)
        {
            output.WriteLine($"  {line}");
        }

        return counts is { Missing: 0, Open: 0, Received: > 0 };
    }
}
