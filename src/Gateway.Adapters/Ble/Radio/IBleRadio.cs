namespace Gateway.Adapters.Ble;

/// <summary>A Bluetooth controller. It looks after itself: what happens to it is told as a state with its remedy and tried again, never thrown.</summary>
public interface IBleRadio : IAsyncDisposable
{
    /// <summary>Hears until cancelled.</summary>
    /// <param name="listener">Is told, by one thread at a time; must return at once.</param>
    /// <param name="cancellation">Ends it.</param>
    Task RunAsync(IBleListener listener, CancellationToken cancellation);

    /// <summary>What it is doing now; any thread.</summary>
    RadioState State { get; }

    /// <summary>Connects to a device that was heard. One at a time for a controller; others wait their turn.</summary>
    /// <param name="device">Its address.</param>
    /// <param name="pairing">How it is paired with, unless it is already; null: never.</param>
    /// <param name="cancellation">Ends the wait.</param>
    ValueTask<GattOpening> ConnectAsync(BleAddress device, PairingCode? pairing, CancellationToken cancellation);
}

/// <param name="Passkey">0 to 999999; null: the device wants none.</param>
public sealed record PairingCode(int? Passkey);

/// <summary>Who is told what a radio hears.</summary>
public interface IBleListener
{
    void Heard(Advertisement advertisement);

    /// <summary>Told on every change, and once at the start.</summary>
    void Changed(RadioState state);
}

/// <param name="IsHearing">Advertisements come in, as far as anybody can tell.</param>
/// <param name="Text">For people: state and reason.</param>
/// <param name="Remedy">What a person on site can do about it; null: nothing is wrong.</param>
public sealed record RadioState(bool IsHearing, string Text, string? Remedy = null);
