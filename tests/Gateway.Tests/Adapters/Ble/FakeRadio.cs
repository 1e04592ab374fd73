using System.Collections.Concurrent;
using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble;

/// <summary>A radio that hears what a test says, and connects to devices that a test has put there.</summary>
internal sealed class FakeRadio : IBleRadio
{
    private readonly TaskCompletionSource<IBleListener> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RadioState _state = new(true, "listening on hci0");

    public RadioState State => _state;

    /// <summary>Devices that can be connected to.</summary>
    public ConcurrentDictionary<BleAddress, FakePeripheral> Peripherals { get; } = [];

    /// <summary>Pairing codes with which it was connected, in order.</summary>
    public ConcurrentQueue<PairingCode?> Pairings { get; } = [];

    public async Task RunAsync(IBleListener listener, CancellationToken cancellation)
    {
        listener.Changed(_state);
        _listening.TrySetResult(listener);
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task HearAsync(Advertisement advertisement) => (await _listening.Task).Heard(advertisement);

    public async Task ChangeAsync(RadioState state)
    {
        _state = state;
        (await _listening.Task).Changed(state);
    }

    public ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation)
    {
        Pairings.Enqueue(pairing);
        return ValueTask.FromResult(Peripherals.TryGetValue(device, out var peripheral) ? new GattOpening(peripheral.Connect()) : new GattOpening(null, "does not answer", "bring it nearer"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
