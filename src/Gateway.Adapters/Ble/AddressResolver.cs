using System.Diagnostics.CodeAnalysis;

namespace Gateway.Adapters.Ble;

/// <summary>Finds the device behind an address: by the address itself, or by the keys of those that change it. Remembers the answers, because each is an encryption per key.</summary>
/// <typeparam name="T">What a device is to its user.</typeparam>
/// <remarks>For one caller at a time. What it remembers is bounded: strangers pass by with new addresses all day.</remarks>
public sealed class AddressResolver<T>
    where T : class
{
    /// <summary>Addresses whose answers are remembered; beyond, all are forgotten and asked again.</summary>
    public const int Most = 4096;

    private readonly Dictionary<BleAddress, T> _fixed = [];
    private readonly List<(ResolvingKey Key, T Device)> _keys = [];
    private readonly Dictionary<BleAddress, T?> _resolved = [];

    /// <summary>Addresses whose answers are remembered now.</summary>
    public int Remembered => _resolved.Count;

    /// <summary>A device with an address that stays.</summary>
    public void Add(BleAddress address, T device) => _fixed[address] = device;

    /// <summary>A device with addresses that change.</summary>
    public void Add(ResolvingKey key, T device)
    {
        _keys.Add((key, device));
        _resolved.Clear();
    }

    /// <param name="address">Sender of an advertisement.</param>
    /// <param name="isRandom">Whether it is random; others are nobody's private address.</param>
    /// <param name="device">The device.</param>
    public bool TryFind(BleAddress address, bool isRandom, [NotNullWhen(true)] out T? device)
    {
        if (_fixed.TryGetValue(address, out device))
        {
            return true;
        }

        if (_keys.Count == 0 || !isRandom || !ResolvingKey.IsResolvable(address))
        {
            return false;
        }

        if (!_resolved.TryGetValue(address, out device))
        {
            device = Resolve(address);
            if (_resolved.Count == Most)
            {
                _resolved.Clear();
            }

            _resolved[address] = device;
        }

        return device is not null;
    }

    private T? Resolve(BleAddress address)
    {
        foreach (var (key, device) in _keys)
        {
            if (key.Matches(address))
            {
                return device;
            }
        }

        return null;
    }
}
