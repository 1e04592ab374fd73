using Gateway.Configuration;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary><c>type: ble</c> in the catalog.</summary>
/// <param name="radio">Makes the radio of a link.</param>
public sealed class BleAdapterType(RadioFactory radio) : IAdapterType
{
    /// <summary>Makes the radio of a link; also for tools, which share the controller.</summary>
    public RadioFactory Radio => radio;

    public string Type => BleOptions.TypeName;

    public string Meaning => "Bluetooth Low Energy: sensors and beacons that advertise, and characteristics of devices to connect to, through BlueZ.";

    public bool FindsPoints => true;

    public LinkOptions ReadLink(MapReader map, string id) => BleLinkTable.Read(map, id);

    public DeviceAddress ReadDevice(MapReader map) => BleDeviceTable.Read(map);

    public PointAddress ReadPoint(MapReader map, DeviceAddress device) => BlePointTable.Read(map);

    public string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link) => BlePointTable.WhyNot(point);

    public IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, AdapterContext context)
    {
        var options = (BleOptions)link;
        var metrics = new BleMetrics(link.Id);
        var log = context.Logs.CreateLogger<BleAdapter>();
        return new BleAdapter(radio(options, metrics, context.Time, log), options, devices, metrics, context);
    }
}

/// <summary>Makes the radio of a link; opens nothing yet.</summary>
public delegate IBleRadio RadioFactory(BleOptions options, BleMetrics metrics, TimeProvider time, ILogger log);
