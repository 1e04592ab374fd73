using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-ascii-over-tcp</c> in the catalog.</summary>
public sealed class ModbusAsciiOverTcpType : ModbusAdapterType
{
    public override string Type => ModbusAsciiOverTcpOptions.TypeName;

    public override string Meaning => "Modbus ASCII over TCP: such a line behind a device server that passes its bytes on unchanged.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusLinkTable.ReadAsciiOverTcp(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnLine(map);

    private protected override WireShape ShapeOf(LinkOptions link) => WireShape.Ascii(null);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusAsciiOverTcpOptions)link;
        return new ModbusSerialLink(new TcpLine(options, time), new AsciiFraming(), options.Timeout, TimeSpan.Zero, options.Echo, metrics, time);
    }
}
