using Gateway.Adapters.Heard;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Ble;

/// <summary>A <c>ble</c> link: one Bluetooth controller.</summary>
public sealed record BleOptions(string Id, SourcePosition Position) : LinkOptions(Id, TypeName, Position)
{
    public const string TypeName = "ble";

    /// <summary>Environment variable that names another bus than the system's: there are other controllers on it.</summary>
    public const string BusVariable = Dbus.DbusAddress.Variable;

    /// <summary>15 s: a peripheral that advertises every second or two is found and connected within it.</summary>
    public static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Name (<c>hci0</c>) or address of the controller; null: the first there is.</summary>
    public string? Controller { get; init; }

    public BleScan Scan { get; init; }

    /// <summary>Limit of a connection being made until the device's services are known.</summary>
    public TimeSpan ConnectTimeout { get; init; } = DefaultConnectTimeout;

    /// <summary>What becomes of devices that are not in the configuration.</summary>
    public UnknownOptions Unknown { get; init; } = UnknownOptions.Ignored;

    public override string Address => Controller ?? "the first controller";

    public override bool FindsDevices => Unknown.IsListed;

    public override LetIn? LetsIn => Unknown.LetsIn;

    /// <summary>A device that is known by its name or its key may be any of those that were found.</summary>
    public override DeviceOptions? Readmit(DeviceOptions found, IReadOnlyList<DeviceOptions> configured) =>
        found.Address is BleDevice { Address: { } address } && !configured.Any(d => d.Address is BleDevice known && (known.Address is null || known.Address == address))
            ? Unknown.Readmit(this, address.ToString(), found)
            : null;
}

/// <summary>How advertisements are listened for.</summary>
public enum BleScan : byte
{
    /// <summary>The controller asks each advertiser for more (a scan response), which names need; it costs sensors a little battery.</summary>
    Active,

    /// <summary>It only listens; needs a bluetoothd with experimental features.</summary>
    Passive,
}
