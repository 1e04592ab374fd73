using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>What of scale, offset and write a point's address does not allow.</summary>
internal static class ScaleCheck
{
    // A decimal holds 7.9e28; beyond it decoding would overflow.
    private const double Largest = 7.9e28;

    /// <returns>Why not, for people; null when all is well.</returns>
    public static string? WhyNot(PointOptions point)
    {
        if (point.Address is not ModbusPoint address)
        {
            return "it is not a Modbus point";
        }

        if (point.Write is not null && !address.Space.IsWritable())
        {
            var writable = address.Space.IsBits() ? "a coil" : "a holding register";
            return $"Modbus cannot write a register of the {address.Space.Word()} table; leave out write, or name {writable}";
        }

        if (address.Type == ModbusType.Bool)
        {
            return point.Scale != 1 || point.Offset != 0 ? "a bool has no scale and no offset; leave them out" : null;
        }

        if (point.Scale == 0)
        {
            return "a scale of 0 makes every value the same; leave it out for 1";
        }

        return !address.Type.IsFloat() && Overflows(address.Type.IntegerRange(), point)
            ? $"scale and offset make numbers beyond 28 digits of a {address.Type.Word()}; make them smaller"
            : null;
    }

    private static bool Overflows((decimal Min, decimal Max) range, PointOptions point)
    {
        var largest = (double)Math.Max(Math.Abs(range.Min), range.Max);
        return (largest * Math.Abs((double)point.Scale)) + Math.Abs((double)point.Offset) > Largest;
    }
}
