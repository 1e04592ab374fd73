using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary><c>type: modbus-rtu</c> in the catalog.</summary>
public sealed class ModbusRtuType : ModbusAdapterType
{
    public override string Type => ModbusRtuOptions.TypeName;

    public override string Meaning => "Modbus RTU: a serial line, RS-485 or RS-232, with the units on it.";

    public override LinkOptions ReadLink(MapReader map, string id) => ModbusSerialTable.ReadRtu(map, id);

    public override DeviceAddress ReadDevice(MapReader map) => ModbusDeviceTable.ReadOnLine(map);

    private protected override WireShape ShapeOf(LinkOptions link) => WireShape.Rtu(((ModbusRtuOptions)link).Serial);

    internal override IModbusLink CreateLink(LinkOptions link, ModbusMetrics metrics, TimeProvider time)
    {
        var options = (ModbusRtuOptions)link;
        return new ModbusSerialLink(new SerialLine(options.Serial, FrameTiming.Rtu(options.Serial)), new RtuFraming(), options.Timeout, options.LateReplyGuard, options.Echo, metrics, time);
    }
}
