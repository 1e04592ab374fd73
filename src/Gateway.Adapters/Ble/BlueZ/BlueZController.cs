namespace Gateway.Adapters.Ble;

/// <summary>A controller of this machine, by way of bluetoothd.</summary>
internal sealed class BlueZController(BlueZOptions options, TimeProvider time) : IBleController
{
    private BlueZSession? _session;
    private AdvertisementQueue _heard = new();
    private RadioFault? _fault;

    public bool IsOpen => _session is { Fault: null };

    public RadioFault? Fault => _session is { } session ? session.Fault : _fault;

    public RadioFault? Note => _session?.Note;

    public string Name => _session?.Controller.ToString() ?? (options.Controller == BlueZAdapter.Any ? "the first Bluetooth adapter" : options.Controller);

    public async ValueTask<RadioFault?> OpenAsync(CancellationToken cancellation)
    {
        await CloseAsync(BlueZFaults.NotConfigured);
        _heard = new();
        (_session, _fault) = await BlueZSession.OpenAsync(options, _heard, time, cancellation);
        if (_session is { } session)
        {
            // So that who hears learns of the end, after everything that was heard before.
            _ = session.Ended.ContinueWith(static (_, heard) => ((AdvertisementQueue)heard!).End(), _heard, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        return _fault;
    }

    public ValueTask<Advertisement?> HearAsync(CancellationToken cancellation) => _session is null ? ValueTask.FromResult<Advertisement?>(null) : _heard.TakeAsync(cancellation);

    public async ValueTask<RadioFault?> RestartScanAsync(CancellationToken cancellation) =>
        _session is { } session ? await session.RestartScanAsync(cancellation) : _fault ?? BlueZFaults.NotConfigured;

    public async ValueTask<RadioFault?> PowerCycleAsync(CancellationToken cancellation)
    {
        if (_session is not { } session)
        {
            return _fault ?? BlueZFaults.NotConfigured;
        }

        var fault = await session.PowerCycleAsync(cancellation);
        await CloseAsync(fault);
        return fault;
    }

    public int Connections => _session?.Connector.Connections ?? 0;

    public async ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation) =>
        _session is { Fault: null } session ? await session.Connector.ConnectAsync(device, pairing, cancellation) : new(null, "the radio is not there", Fault?.Remedy);

    public ValueTask DisposeAsync() => CloseAsync(BlueZFaults.NotConfigured);

    private async ValueTask CloseAsync(RadioFault? fault)
    {
        if (_session is { } session)
        {
            _session = null;
            _fault = fault;
            await session.DisposeAsync();
        }
    }
}
