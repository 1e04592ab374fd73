namespace Gateway.Diagnostics;

/// <summary>Pings systemd's watchdog while everything that must beat does: journal, broker dispatch, pipeline. Never adapters or bridges: their peers may hang.</summary>
internal sealed class Watchdog(SystemdNotifier systemd, IReadOnlyList<IHeartbeat> hearts, TimeProvider time)
{
    /// <summary>Runs until cancelled; returns at once without a watchdog.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (systemd.WatchdogInterval is not { } interval)
        {
            return;
        }

        // Three pings fit into the interval, so that one may be late (sd_watchdog_enabled(3) recommends half of it).
        using var timer = new PeriodicTimer(interval / 3, time);
        do
        {
            var alive = true;
            foreach (var heart in hearts)
            {
                alive &= await heart.IsBeatingAsync(interval / 6, cancellation).ConfigureAwait(false);
            }

            if (alive)
            {
                systemd.Watchdog();
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
    }
}

/// <summary>A part of the daemon whose standstill nothing else would notice.</summary>
internal interface IHeartbeat
{
    string Name { get; }

    /// <summary>Whether it answered within <paramref name="patience"/>.</summary>
    ValueTask<bool> IsBeatingAsync(TimeSpan patience, CancellationToken cancellation);
}
