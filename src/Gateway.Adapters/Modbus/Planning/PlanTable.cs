using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys by which a device says how its points are put together into reads.</summary>
internal static class PlanTable
{
    private const string AsTheLink = "as the link says";

    public static PlanOverrides Read(MapReader map) => new(
        map.Maybe("max-registers", Kinds.Integer(ModbusLinkOptions.SmallestMaxRegisters, ModbusLimits.ReadRegisters, "32"), AsTheLink, "Registers in one read of this device; some refuse or cut what is longer than their manual says."),
        map.Maybe("max-bits", Kinds.Integer(1, ModbusLimits.ReadBits, "64"), AsTheLink, "Coils or discretes in one read of this device."),
        map.Maybe("max-gap", Kinds.Integer(0, ModbusLimits.ReadRegisters, "0"), AsTheLink, "Unused registers between two points of this device that are read along; 0 if it refuses registers that its manual does not list."),
        map.Optional(
            "one-request-per-point", Kinds.Boolean, false, "Each point is read by a request of its own, for devices that answer wrongly when several are read at once; much slower."));
}
