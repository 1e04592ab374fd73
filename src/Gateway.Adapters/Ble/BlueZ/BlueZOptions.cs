using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>Which controller, and how it scans.</summary>
internal sealed record BlueZOptions
{
    /// <summary>Address list of the bus.</summary>
    public string Bus { get; init; } = DbusAddress.OfSystem;

    /// <summary>Name (<c>hci0</c>), address, or the first one there is.</summary>
    public string Controller { get; init; } = BlueZAdapter.Any;

    /// <summary>Only listens, where BlueZ and the kernel can: devices are not asked for their scan responses.</summary>
    public bool IsPassive { get; init; }

    /// <summary>From asking for a connection until the device's services are known. 15 s: one that advertises every second or two is found and connected within it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Is told how much of what was heard found no room.</summary>
    public Action<long> Dropped { get; init; } = static _ => { };
}
