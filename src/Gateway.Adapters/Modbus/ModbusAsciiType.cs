using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-ascii</c> in the catalog.</summary>
public sealed class ModbusAsciiType : ModbusAdapterType
{
    public override string Type => ModbusAsciiOptions.TypeName;

    public override string Meaning => "Modbus ASCII: a serial line whose devices speak in hexadecimal digits.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusSerialTable.ReadAscii(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnLine(map);

    private protected override WireShape ShapeOf(LinkOptions link) => WireShape.Ascii(((ModbusAsciiOptions)link).Serial);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusAsciiOptions)link;
        return new ModbusSerialLink(new SerialLine(options.Serial, FrameTiming.Ascii), new AsciiFraming(), options.Timeout, options.LateReplyGuard, options.Echo, metrics, time);
    }
}
