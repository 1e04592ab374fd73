using Gateway.Configuration;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary>What all Modbus lines have in common in the catalog: devices, points, and the adapter over the link.</summary>
public abstract class ModbusAdapterType : IAdapterType, IPlansPolls
{
    public abstract string Type { get; }

    public abstract string Meaning { get; }

    public abstract LinkOptions ReadLink(MapReader map, string id);

    public abstract DeviceAddress ReadDevice(MapReader map);

    public PointAddress ReadPoint(MapReader map, DeviceAddress device) => ModbusPointTable.Read(map, (device as ModbusDevice)?.AddressBase ?? AddressBase.Zero);

    public string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link) => PointCheck.WhyNot(point, device, link);

    public IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, AdapterContext context)
    {
        var (metrics, time) = (new ModbusMetrics(link.Id), context.Time);
        return new ModbusAdapter(Rested(CreateLink(link, metrics, time), link, metrics, time), (ModbusLinkOptions)link, devices, metrics, time, context.Logs.CreateLogger<ModbusAdapter>());
    }

    public LinkPlan Plan(LinkOptions link, IReadOnlyList<DeviceOptions> devices) => PlanPreview.Of((ModbusLinkOptions)link, ShapeOf(link), devices);

    /// <summary>Frames with an MBAP header on a network, unless the type says otherwise.</summary>
    private protected virtual WireShape ShapeOf(LinkOptions link) => WireShape.Mbap;

    private static IModbusLink Rested(IModbusLink made, LinkOptions link, ModbusMetrics metrics, TimeProvider time) =>
        link is ModbusConnectionOptions { CloseAfterIdle: { } idle } ? new RestingLink(made, idle, metrics, time) : made;

    internal abstract IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time);
}
