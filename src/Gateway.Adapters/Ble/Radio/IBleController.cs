namespace Gateway.Adapters.Ble;

/// <summary>The byte seam of BLE: one controller that hears advertisements and connects to devices. Who drives it opens it again when it has failed; nothing here throws for what the field does.</summary>
internal interface IBleController : IAsyncDisposable
{
    /// <summary>It scans, as far as it knows.</summary>
    bool IsOpen { get; }

    /// <summary>Why it is not open any more; null while it is, and before the first <see cref="OpenAsync"/>.</summary>
    RadioFault? Fault { get; }

    /// <summary>What it does otherwise than configured (active instead of passive); null: nothing.</summary>
    RadioFault? Note { get; }

    /// <summary>Which controller, for people (<c>hci0 (00:1A:7D:DA:71:13)</c>).</summary>
    string Name { get; }

    /// <summary>Finds the controller, switches it on and starts the scan.</summary>
    /// <returns>Why it cannot; null: it scans.</returns>
    ValueTask<RadioFault?> OpenAsync(CancellationToken cancellation);

    /// <summary>The next advertisement, in the order in which they were heard. For one taker.</summary>
    /// <returns>null: it is not open any more, and everything heard before has been taken.</returns>
    ValueTask<Advertisement?> HearAsync(CancellationToken cancellation);

    /// <summary>Stops the scan and starts it anew: the mildest cure for a radio that hears nothing.</summary>
    ValueTask<RadioFault?> RestartScanAsync(CancellationToken cancellation);

    /// <summary>Switches the controller off and on. It is not open afterwards, nor are its connections.</summary>
    ValueTask<RadioFault?> PowerCycleAsync(CancellationToken cancellation);

    /// <summary>Devices that are connected or being connected: these do not advertise.</summary>
    int Connections { get; }

    /// <summary>Connects to a device. One after the other; others wait their turn.</summary>
    /// <param name="device">Its address.</param>
    /// <param name="pairing">How it is paired with, unless it is already; null: never.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation);
}
