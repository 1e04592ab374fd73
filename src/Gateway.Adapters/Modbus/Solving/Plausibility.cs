namespace Gateway.Adapters.Modbus;

/// <summary>How likely devices are to keep a value in some way, from what their manuals do. Costs add up; the least wins; only their order means something.</summary>
internal static class Plausibility
{
    /// <summary>Powers of ten that manuals use.</summary>
    public static readonly decimal[] Scales = [1m, 0.1m, 0.01m, 0.001m, 0.0001m, 10m, 100m, 1000m];

    public static double Of(ModbusType type, ByteOrder order, decimal scale, double raw) => OfForm(type, order) + OfScale(type, scale) + OfSize(type, raw);

    /// <summary>How far the register is from what was seen, in steps of the last digit.</summary>
    public static double OfDistance(double value, Sighting sighting)
    {
        var steps = Math.Abs(value - (double)sighting.Value) / (double)sighting.Step;
        return steps <= 0.51 ? 0 : steps <= 1.01 ? 0.3 : 0.3 + Math.Log2(steps);
    }

    /// <summary>Whether the register moved as the display did.</summary>
    public static double OfMove(double before, double now, double seenBefore, Sighting sighting)
    {
        var seen = (double)sighting.Value - seenBefore;
        if (Math.Abs(seen) < 2 * (double)sighting.Step)
        {
            return 0;
        }

        return now == before ? 2 : Math.Sign(now - before) == Math.Sign(seen) ? -1 : 1;
    }

    private static double OfForm(ModbusType type, ByteOrder order) => type switch
    {
        ModbusType.Int16 or ModbusType.UInt16 => order == ByteOrder.Abcd ? 0 : 4,
        ModbusType.Float32 => -0.5 + OfOrder(order),
        ModbusType.Float64 => 0.5 + OfOrder(order),
        ModbusType.Int32 or ModbusType.UInt32 => 0.6 + (1.2 * OfOrder(order)),
        _ => 1.5 + (1.5 * OfOrder(order)),
    };

    private static double OfOrder(ByteOrder order) => order switch { ByteOrder.Abcd => 0, ByteOrder.Cdab => 0.3, ByteOrder.Dcba => 1.5, _ => 2 };

    private static double OfScale(ModbusType type, decimal scale) => type.IsFloat()
        ? scale switch { 1m => 0, 0.001m or 1000m => 1, 0.0001m => 4, _ => 2.5 }
        : scale switch { 0.1m => 0, 1m or 0.01m => 0.2, 0.001m => 0.5, 10m => 1.5, _ => 2 };

    /// <summary>A wide integer that would fit into a narrow one is mostly a narrow one beside a zero.</summary>
    private static double OfSize(ModbusType type, double raw) => type.IsFloat() ? 0
        : type.Width() == 2 && Math.Abs(raw) < 65536 ? 0.5
        : type.Width() == 4 && Math.Abs(raw) < 65536.0 * 65536 ? 1.5
        : 0;
}
