using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of a Modbus device.</summary>
internal static class ModbusDeviceTable
{
    private static readonly Kind<AddressBase> Bases = Kinds.Choice(("0", AddressBase.Zero), ("1", AddressBase.One), ("modicon", AddressBase.Modicon));

    public static ModbusDevice ReadOnTcp(MapReader map)
    {
        var unit = map.Optional(
            "unit-id", Kinds.Integer(0, 255, "1"), ModbusDevice.DefaultUnitId, "Unit identifier: the device behind a gateway; devices with an address of their own mostly want 1, 0 or 255.");
        return Read(map, unit);
    }

    /// <summary>A device on a serial line, where 248 to 255 are reserved (Modbus over Serial Line V1.02 §2.2).</summary>
    public static ModbusDevice ReadOnLine(MapReader map) =>
        Read(map, map.Optional("unit-id", Kinds.Integer(0, 247, "1"), ModbusDevice.DefaultUnitId, "Address of the device on its line, 1 to 247; 0 is everybody: nobody answers, so that its points are only written."));

    private static ModbusDevice Read(MapReader map, int unit) => new((byte)unit)
    {
        AddressBase = map.Optional(
            "address-base", Bases, AddressBase.Zero,
            "How the device's manual counts registers: 0 as the protocol does (holding 100), 1 from one (holding 101 is the same register), modicon as 40101 or 400101 (the same again)."),
        Plan = PlanTable.Read(map),
    };
}
