using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-tls</c> in the catalog.</summary>
public sealed class ModbusTlsType : ModbusAdapterType
{
    public override string Type => ModbusTlsOptions.TypeName;

    public override string Meaning => "Modbus/TCP Security: Modbus TCP inside TLS, with certificates on both sides.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusLinkTable.ReadTls(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnTcp(map);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusTlsOptions)link;
        return new ModbusTcpLink<TlsConnection>(new(options, new TlsDialer(options, time), time), options.Timeout, options.Broadcast, metrics, time);
    }
}
