using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>From opening the controller to its first fault: one connection to the bus, one scan, and the task that turns BlueZ's signals into advertisements.</summary>
internal sealed class BlueZSession : IAsyncDisposable
{
    /// <summary>16 strangers are given up at once, at most every 2 s: bluetoothd has other things to do.</summary>
    private const int SweepAtOnce = 16;

    private static readonly TimeSpan s_sweepEvery = TimeSpan.FromSeconds(2);

    /// <summary>2 s: the gateway's stop does not wait for a bluetoothd that hangs.</summary>
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly BlueZBus _bus;
    private readonly BlueZAdapter _controller;
    private readonly BlueZScan _scan;
    private readonly BlueZDevices _devices;
    private readonly BlueZConnector _connector;
    private readonly BlueZOptions _options;
    private readonly AdvertisementQueue _heard;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly long _sweepEvery;
    private RadioFault? _fault;
    private Task _pump = Task.CompletedTask;
    private long _droppedSignals;
    private long _nextSweep;
    private volatile bool _isRestarting;

    private BlueZSession(BlueZBus bus, BlueZAdapter controller, BlueZOptions options, AdvertisementQueue heard, TimeProvider time)
    {
        (_bus, _controller, _options, _heard, _time) = (bus, controller, options, heard, time);
        _scan = new(bus, controller, options.IsPassive, Released, time);
        _devices = new(controller.Path);
        _connector = new(bus, controller, options.ConnectTimeout, time);
        _sweepEvery = (long)(s_sweepEvery.TotalSeconds * time.TimestampFrequency);
    }

    /// <summary>Why it has ended; null: it has not.</summary>
    public RadioFault? Fault => Volatile.Read(ref _fault);

    public RadioFault? Note => _scan.Note;

    public BlueZAdapter Controller => _controller;

    public BlueZConnector Connector => _connector;

    /// <summary>Completes when it has ended.</summary>
    public Task Ended => _pump;

    public static async ValueTask<(BlueZSession? Session, RadioFault? Fault)> OpenAsync(BlueZOptions options, AdvertisementQueue heard, TimeProvider time, CancellationToken cancellation)
    {
        var (bus, fault) = await BlueZBus.OpenAsync(options.Bus, time, cancellation);
        if (bus is null)
        {
            return (null, fault);
        }

        BlueZSession? session = null;
        try
        {
            var objects = await bus.ObjectsAsync(cancellation);
            if (objects.Error is { } error)
            {
                return (null, BlueZFaults.Of("use Bluetooth", error));
            }

            (var controller, fault) = BlueZAdapter.Find(objects.Argument(0), options.Controller);
            fault ??= await PowerOnAsync(bus, controller!, cancellation);
            if (fault is not null)
            {
                return (null, fault);
            }

            var made = new BlueZSession(bus, controller!, options, heard, time);
            made.Know(objects.Argument(0));
            made._pump = Task.Run(made.PumpAsync, CancellationToken.None);
            fault = await made._scan.StartAsync(cancellation);
            session = fault is null ? made : null;
            if (session is null)
            {
                await made.DisposeAsync();
            }

            return (session, fault);
        }
        finally
        {
            if (session is null)
            {
                await bus.DisposeAsync();
            }
        }
    }

    public async ValueTask<RadioFault?> RestartScanAsync(CancellationToken cancellation)
    {
        _isRestarting = true;
        try
        {
            await _scan.StopAsync(BlueZBus.Patience, cancellation);
            if (await _scan.StartAsync(cancellation) is not { } fault)
            {
                return Fault;
            }

            // The adapter's own state says more than the error does.
            await JudgeAsync(cancellation);
            return End(fault);
        }
        finally
        {
            _isRestarting = false;
        }
    }

    /// <summary>Off and on again. What it says of that by signals ends this session.</summary>
    public async ValueTask<RadioFault?> PowerCycleAsync(CancellationToken cancellation)
    {
        var off = await _bus.SetAsync(_controller.Path, BlueZNames.Adapter, "Powered", DbusValue.Boolean(false), cancellation);
        return off.Error is { } error ? BlueZFaults.Of("switch the adapter off", error) : await PowerOnAsync(_bus, _controller with { IsPowered = false }, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (Fault is null)
        {
            // Bluetoothd stops a scan whose program is gone, too, but some time later: it then stops the one that the next program has just been told to share.
            await _scan.StopAsync(s_farewell, CancellationToken.None);
        }

        End(BlueZFaults.NotConfigured);
        await _bus.DisposeAsync();
        await _pump;
        _stop.Dispose();
    }

    private static async ValueTask<RadioFault?> PowerOnAsync(BlueZBus bus, BlueZAdapter controller, CancellationToken cancellation)
    {
        if (controller.IsPowered)
        {
            return null;
        }

        var on = await bus.SetAsync(controller.Path, BlueZNames.Adapter, "Powered", DbusValue.Boolean(true), cancellation);
        if (on.Error is null or { Name: BlueZNames.Blocked })
        {
            return on.Error is null ? null : BlueZFaults.Blocked;
        }

        // Older versions fail with "Failed" and say why by a property.
        var state = await bus.GetAsync(controller.Path, BlueZNames.Adapter, "PowerState", cancellation);
        return state.Argument(0).AsString() == "off-blocked" ? BlueZFaults.Blocked : BlueZFaults.Of("switch the adapter on", on.Error);
    }

    private async Task PumpAsync()
    {
        try
        {
            while (await _bus.Connection.Signals.TakeAsync(_stop.Token) is { } signal && Fault is null)
            {
                await TakeAsync(signal);
                if (_droppedSignals != _bus.Connection.Signals.Dropped)
                {
                    await LookAgainAsync();
                }

                Sweep();
            }
        }
        catch (OperationCanceledException)
        {
            // Closed by us.
        }
        finally
        {
            End(_bus.Connection.Fault is { } error ? BlueZFaults.Of("hear what bluetoothd says", error) : BlueZFaults.DaemonEnded);
        }
    }

    private ValueTask TakeAsync(DbusMessage signal)
    {
        if (signal is { Interface: DbusConnection.Bus, Member: "NameOwnerChanged", Sender: DbusConnection.Bus })
        {
            if (signal.Argument(0).AsString() == BlueZNames.Service && signal.Argument(2).AsString() != _bus.Owner)
            {
                End(BlueZFaults.DaemonEnded);
            }

            return default;
        }

        if (signal.Sender != _bus.Owner)
        {
            return default;
        }

        switch (signal.Interface, signal.Member)
        {
            case (DbusObjects.PropertiesInterface, "PropertiesChanged"):
                return ChangedAsync(signal);
            case (DbusObjects.ObjectManager, "InterfacesAdded") when signal.Argument(0).AsString() is { } path && signal.Argument(1)[BlueZNames.Device] is { Type: 'a' } device:
                Hear(_devices.Take(path, device, signal.ReceivedAt));
                break;
            case (DbusObjects.ObjectManager, "InterfacesRemoved") when signal.Argument(0).AsString() is { } path:
                Removed(path, signal.Argument(1));
                break;
        }

        return default;
    }

    private ValueTask ChangedAsync(DbusMessage signal)
    {
        var changed = signal.Argument(1);
        switch (signal.Argument(0).AsString())
        {
            case BlueZNames.Device:
                Hear(_devices.Take(signal.Path!, changed, signal.ReceivedAt));
                _connector.DeviceChanged(signal.Path!, changed);
                foreach (var name in signal.Argument(2).Items)
                {
                    if (name.AsString() == "RSSI")
                    {
                        _devices.Lose(signal.Path!);
                    }
                }

                return default;
            case BlueZNames.GattCharacteristic:
                _connector.CharacteristicChanged(signal.Path!, changed);
                return default;
            case BlueZNames.Adapter when signal.Path == _controller.Path:
                return changed["Powered"].AsBoolean() == false || (changed["Discovering"].AsBoolean() == false && !_isRestarting) ? JudgeAsync(_stop.Token) : default;
            default:
                return default;
        }
    }

    /// <summary>The signal may be older than what we did since: what counts is what holds now.</summary>
    private async ValueTask JudgeAsync(CancellationToken cancellation)
    {
        var now = await _bus.CallAsync(_controller.Path, DbusObjects.PropertiesInterface, "GetAll", cancellation, DbusValue.String(BlueZNames.Adapter));
        if (now.Error is not null)
        {
            return;
        }

        var properties = now.Argument(0);
        if (properties["Powered"].AsBoolean() == false)
        {
            End(properties["PowerState"].AsString() == "off-blocked" ? BlueZFaults.Blocked : BlueZFaults.SwitchedOff);
        }
        else if (properties["Discovering"].AsBoolean() == false && _scan.IsActive && !_isRestarting)
        {
            End(BlueZFaults.ScanStopped);
        }
    }

    private void Released()
    {
        if (!_isRestarting)
        {
            End(BlueZFaults.ScanStopped);
        }
    }

    private void Removed(string path, in DbusValue interfaces)
    {
        foreach (var name in interfaces.Items)
        {
            if (name.AsString() == BlueZNames.Device)
            {
                _devices.Remove(path);
                _connector.DeviceRemoved(path);
            }
            else if (path == _controller.Path && name.AsString() == BlueZNames.Adapter)
            {
                End(BlueZFaults.AdapterRemoved);
            }
        }
    }

    private void Hear(Advertisement? advertisement)
    {
        if (advertisement is not null && !_heard.TryAdd(advertisement))
        {
            _options.Dropped(1);
        }
    }

    private void Know(in DbusValue objects)
    {
        var now = _time.GetTimestamp();
        foreach (var entry in objects.Items)
        {
            if (entry.Items is [var path, var interfaces] && interfaces[BlueZNames.Device] is { Type: 'a' } device)
            {
                _devices.Know(path.AsString()!, device, now);
            }
        }
    }

    /// <summary>Signals were lost, among them perhaps devices that are gone.</summary>
    private async ValueTask LookAgainAsync()
    {
        var dropped = _bus.Connection.Signals.Dropped;
        _options.Dropped(dropped - _droppedSignals);
        _droppedSignals = dropped;
        var objects = await _bus.ObjectsAsync(_stop.Token);
        if (objects.Error is null)
        {
            _devices.Clear();
            Know(objects.Argument(0));
        }
    }

    private void Sweep()
    {
        if (_devices.Count <= BlueZDevices.Usual)
        {
            return;
        }

        var now = _time.GetTimestamp();
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + _sweepEvery;
        foreach (var path in _devices.Strangers(SweepAtOnce))
        {
            _bus.Tell(_controller.Path, BlueZNames.Adapter, "RemoveDevice", DbusValue.ObjectPath(path));
        }
    }

    private RadioFault End(RadioFault fault)
    {
        if (Interlocked.CompareExchange(ref _fault, fault, null) is null)
        {
            _stop.Cancel();
            _connector.End();
        }

        return Fault!;
    }
}
