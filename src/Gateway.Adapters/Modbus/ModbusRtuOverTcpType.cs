using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-rtu-over-tcp</c> in the catalog.</summary>
public sealed class ModbusRtuOverTcpType : ModbusAdapterType
{
    public override string Type => ModbusRtuOverTcpOptions.TypeName;

    public override string Meaning => "Modbus RTU over TCP: a serial line behind a device server that passes its bytes on unchanged.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusLinkTable.ReadRtuOverTcp(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnLine(map);

    private protected override WireShape ShapeOf(LinkOptions link) => WireShape.Rtu(null);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusRtuOverTcpOptions)link;
        return new ModbusSerialLink(new TcpLine(options, time), new RtuFraming(), options.Timeout, TimeSpan.Zero, options.Echo, metrics, time);
    }
}
