using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-tcp</c> in the catalog.</summary>
public sealed class ModbusTcpType : ModbusAdapterType
{
    public override string Type => ModbusTcpOptions.TypeName;

    public override string Meaning => "Modbus TCP: a device with a network address, or a gateway with units behind it.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusLinkTable.ReadTcp(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnTcp(map);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusTcpOptions)link;
        return new ModbusTcpLink<BlockingConnection>(new(options, new BlockingDialer(options, time), time), options.Timeout, options.Broadcast, metrics, time);
    }
}
