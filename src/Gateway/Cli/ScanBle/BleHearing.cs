using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Payloads;

namespace Gateway.Cli;

/// <summary>What a scan has heard so far. The radio tells it, a screen asks it.</summary>
/// <param name="known">Devices of the configuration that have an address.</param>
/// <param name="time">The clock.</param>
internal sealed class BleHearing(IReadOnlyDictionary<BleAddress, KnownBleDevice> known, TimeProvider time) : IBleListener
{
    /// <summary>2,000: telephones change their address while a long scan goes on; the one that was silent longest makes room.</summary>
    private const int Most = 2000;

    private readonly Lock _lock = new();
    private readonly Dictionary<BleAddress, HeardAdvertiser> _devices = [];
    private readonly DecodedValues _values = new();

    /// <summary>What the radio does; null: nothing yet.</summary>
    public RadioState? State { get; private set; }

    /// <summary>Advertisements in all.</summary>
    public long Advertisements { get; private set; }

    /// <summary>Told of every state.</summary>
    public Action<RadioState> OnState { get; init; } = static _ => { };

    public void Heard(Advertisement advertisement)
    {
        lock (_lock)
        {
            Advertisements++;
            if (!_devices.TryGetValue(advertisement.Address, out var device))
            {
                MakeRoom();
                device = new(advertisement.Address, known.GetValueOrDefault(advertisement.Address), advertisement.HeardAt);
                _devices.Add(advertisement.Address, device);
            }

            device.Take(advertisement, _values, time);
        }
    }

    public void Changed(RadioState state)
    {
        State = state;
        OnState(state);
    }

    /// <summary>Asks about all of them while nothing changes: configured ones first, then those that are understood, the nearest first.</summary>
    public T Read<T>(Func<IReadOnlyList<HeardAdvertiser>, T> body)
    {
        lock (_lock)
        {
            return body([.. _devices.Values.OrderBy(static d => d.Id is null).ThenBy(static d => d.Format is null).ThenByDescending(static d => d.Rssi ?? short.MinValue).ThenBy(static d => d.Address.Value)]);
        }
    }

    private void MakeRoom()
    {
        if (_devices.Count == Most)
        {
            _devices.Remove(_devices.Values.MinBy(static d => d.LastHeardAt)!.Address);
        }
    }
}

/// <summary>A device that the configuration has.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Device">How it is known.</param>
internal sealed record KnownBleDevice(string Id, BleDevice Device)
{
    /// <summary>The key that the configuration has for it, if it fits the format; a scan goes on without.</summary>
    public ReadOnlyMemory<byte>? KeyFor(IBleFormat format)
    {
        if (Device.Key?.TryRead(out _)?.Trim() is not { } text || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigit) || !format.KeyLengths.Contains(text.Length / 2))
        {
            return null;
        }

        return Convert.FromHexString(text);
    }
}
