using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-udp</c> in the catalog.</summary>
public sealed class ModbusUdpType : ModbusAdapterType
{
    public override string Type => ModbusUdpOptions.TypeName;

    public override string Meaning => "Modbus UDP: the frames of Modbus TCP in datagrams.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusLinkTable.ReadUdp(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnTcp(map);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time) => new ModbusUdpLink((ModbusUdpOptions)link, metrics, time);
}
