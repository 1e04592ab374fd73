using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of a Modbus device.</summary>
internal static class ModbusDeviceTable
{
    public static ModbusDevice ReadOnTcp(MapReader map)
    {
        var unit = map.Optional(
            "unit-id", Kinds.Integer(0, 255, "1"), ModbusDevice.DefaultUnitId, "Unit identifier: the device behind a gateway; devices with an address of their own mostly want 1, 0 or 255.");
        return Read(map, unit);
    }

    /// <summary>A device on a serial line, where 0 is everybody and 248 to 255 are reserved (Modbus over Serial Line V1.02 §2.2).</summary>
    public static ModbusDevice ReadOnLine(MapReader map) =>
        Read(map, map.Optional("unit-id", Kinds.Integer(1, 247, "1"), ModbusDevice.DefaultUnitId, "Address of the device on its line, 1 to 247."));

    private static ModbusDevice Read(MapReader map, int unit)
    {
        map.NotYet("template", "register maps of known devices");
        map.NotYet("address-base", "registers counted from 1 or in Modicon numbers");
        return new((byte)unit);
    }
}
