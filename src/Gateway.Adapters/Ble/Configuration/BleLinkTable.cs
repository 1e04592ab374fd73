using Gateway.Adapters.Heard;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>The keys of a <c>ble</c> link.</summary>
internal static class BleLinkTable
{
    private static readonly Kind<BleScan> Scans = Kinds.Choice(("active", BleScan.Active), ("passive", BleScan.Passive));

    private static readonly UnknownTable Unknown = new("ble-", "A4:C1:38:*");

    public static BleOptions Read(MapReader map, string id) => new(id, map.Position)
    {
        Controller = map.Maybe("controller", new ControllerKind(), "the first there is", "Its name, hci0, or its address, which stays when adapters are plugged in another order."),
        Scan = map.Optional("scan", Scans, BleScan.Active, "active asks advertisers for more, which names need; passive only listens, spares their batteries, and needs a bluetoothd with experimental features (otherwise active is taken, and told)."),
        ConnectTimeout = map.Optional(
            "connect-timeout", Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2)), BleOptions.DefaultConnectTimeout, "Limit of a connection being made until the device's services are known."),
        Unknown = Unknown.Read(map),
    };
}
