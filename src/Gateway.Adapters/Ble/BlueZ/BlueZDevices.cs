using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>The devices of one controller as BlueZ's signals tell them, turned into advertisements. Bounded: devices come and go, and many change their address every few minutes.</summary>
/// <param name="adapter">Path of the controller's object.</param>
internal sealed class BlueZDevices(string adapter)
{
    /// <summary>1,024: more than a radio hears at a place. Beyond, BlueZ is asked to forget the strangers heard longest ago.</summary>
    public const int Usual = 1024;

    /// <summary>4,096: what is remembered at most, whatever BlueZ does.</summary>
    public const int Most = 4096;

    private readonly Dictionary<string, BlueZDevice> _devices = new(StringComparer.Ordinal);

    public int Count => _devices.Count;

    /// <summary>Devices that BlueZ knew before; nothing was heard of them now.</summary>
    public void Know(string path, in DbusValue properties, long now)
    {
        if (Find(path, properties) is { } device)
        {
            _ = device.Take(properties, now);
            device.Lose();
        }
    }

    /// <summary>A device, or properties of it, as InterfacesAdded or PropertiesChanged tell them.</summary>
    /// <returns>What was heard; null: nothing was.</returns>
    public Advertisement? Take(string path, in DbusValue properties, long receivedAt) => Find(path, properties)?.Take(properties, receivedAt);

    /// <summary>The signal's strength is not known any more.</summary>
    public void Lose(string path)
    {
        if (_devices.TryGetValue(path, out var device))
        {
            device.Lose();
        }
    }

    public void Remove(string path) => _devices.Remove(path);

    public void Clear() => _devices.Clear();

    public string? PathOf(BleAddress address)
    {
        foreach (var (path, device) in _devices)
        {
            if (device.Address == address)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Those heard longest ago that nobody paired with or is connected to. Should one of them be wanted after all, it is there again when it is heard.</summary>
    /// <param name="most">How many.</param>
    public IReadOnlyList<string> Strangers(int most) =>
        [.. _devices.Where(d => !d.Value.IsSomebodys).OrderBy(d => d.Value.LastHeard).Take(most).Select(d => d.Key)];

    private BlueZDevice? Find(string path, in DbusValue properties)
    {
        if (_devices.TryGetValue(path, out var device))
        {
            return device;
        }

        if (!DbusPath.IsBelow(path, adapter) || path.IndexOf('/', adapter.Length + 1) >= 0)
        {
            return null;
        }

        // Without its address we came in the middle; BlueZ's paths hold it.
        var text = properties["Address"].AsString() ?? path[(path.LastIndexOf('/') + 1)..].Replace("dev_", "", StringComparison.Ordinal).Replace('_', ':');
        if (!BleAddress.TryParse(text, out var address))
        {
            return null;
        }

        if (_devices.Count == Most)
        {
            _devices.Remove(_devices.MinBy(d => d.Value.LastHeard).Key);
        }

        device = new(address);
        _devices.Add(path, device);
        return device;
    }
}
