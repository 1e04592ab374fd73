using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>Has one controller scan: actively by discovery, or passively by an advertisement monitor.</summary>
internal sealed class BlueZScan(BlueZBus bus, BlueZAdapter controller, bool isPassive, Action released, TimeProvider time)
{
    /// <summary>5 s: BlueZ activates a monitor within a moment, or the kernel has refused it and nothing ever comes.</summary>
    public static readonly TimeSpan ActivationLimit = TimeSpan.FromSeconds(5);

    private PassiveMonitor? _monitor;

    /// <summary>It was to be passive and is not.</summary>
    public RadioFault? Note { get; private set; }

    public bool IsActive => _monitor is null;

    public async ValueTask<RadioFault?> StartAsync(CancellationToken cancellation)
    {
        if (!isPassive || Note is not null)
        {
            return await StartDiscoveryAsync(cancellation);
        }

        if (await StartMonitorAsync(cancellation))
        {
            return null;
        }

        Note = BlueZFaults.PassiveRefused;
        return await StartDiscoveryAsync(cancellation);
    }

    /// <summary>What does not run is not an error: it is started next.</summary>
    /// <param name="limit">How long to wait for BlueZ.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async ValueTask StopAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (_monitor is null)
        {
            await bus.CallAsync(controller.Path, BlueZNames.Adapter, "StopDiscovery", limit, cancellation);
            return;
        }

        await StopMonitorAsync(limit, cancellation);
    }

    private async ValueTask<RadioFault?> StartDiscoveryAsync(CancellationToken cancellation)
    {
        // Before the discovery: without it beacons that cannot be connected to do not show, and neither does the same data heard again.
        var filter = DbusValue.Properties(("Transport", DbusValue.String("le")), ("DuplicateData", DbusValue.Boolean(true)));
        var reply = await bus.CallAsync(controller.Path, BlueZNames.Adapter, "SetDiscoveryFilter", cancellation, filter);
        if (reply.Error is { } refused)
        {
            return BlueZFaults.Of("choose what to scan for", refused);
        }

        reply = await bus.CallAsync(controller.Path, BlueZNames.Adapter, "StartDiscovery", cancellation);
        return reply.Error is { } error ? BlueZFaults.Of("start the scan", error) : null;
    }

    private async ValueTask<bool> StartMonitorAsync(CancellationToken cancellation)
    {
        if (!controller.CanMonitor)
        {
            return false;
        }

        _monitor = new PassiveMonitor(released);
        bus.Connection.Objects.Add(PassiveMonitor.Path, _monitor);
        var reply = await bus.CallAsync(controller.Path, BlueZNames.MonitorManager, "RegisterMonitor", cancellation, DbusValue.ObjectPath(PassiveMonitor.Root));
        if (reply.Error is null && await IsActivatedAsync(_monitor, cancellation))
        {
            return true;
        }

        await StopMonitorAsync(BlueZBus.Patience, cancellation);
        return false;
    }

    private async ValueTask<bool> IsActivatedAsync(PassiveMonitor monitor, CancellationToken cancellation)
    {
        try
        {
            return await monitor.Decided.WaitAsync(ActivationLimit, time, cancellation);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask StopMonitorAsync(TimeSpan limit, CancellationToken cancellation)
    {
        await bus.CallAsync(controller.Path, BlueZNames.MonitorManager, "UnregisterMonitor", limit, cancellation, DbusValue.ObjectPath(PassiveMonitor.Root));
        bus.Connection.Objects.Remove(PassiveMonitor.Path);
        _monitor = null;
    }
}
