using Gateway.Configuration;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-tcp</c> in the catalog.</summary>
public sealed class ModbusTcpType : IAdapterType
{
    public string Type => ModbusTcpOptions.TypeName;

    public string Meaning => "Modbus TCP: a device with a network address, or a gateway with units behind it.";

    public LinkOptions ReadLink(MapReader map, string id) => ModbusOptionsTable.ReadTcp(map, id);

    public DeviceAddress ReadDevice(MapReader map) => ModbusOptionsTable.ReadDevice(map);

    public PointAddress ReadPoint(MapReader map) => ModbusOptionsTable.ReadPoint(map);

    public string? WhyNot(PointOptions point) => ScaleCheck.WhyNot(point);

    public IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, TimeProvider time, ILoggerFactory logs)
    {
        var options = (ModbusTcpOptions)link;
        var metrics = new ModbusMetrics(link.Id);
        return new ModbusAdapter(new ModbusTcpLink(options, metrics, time), options, devices, metrics, time, logs.CreateLogger<ModbusAdapter>());
    }
}
