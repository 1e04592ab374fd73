using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>What of scale, offset, rules, write and the link's limits a point's address does not allow.</summary>
internal static class PointCheck
{
    // A decimal holds 7.9e28; beyond it decoding would overflow.
    private const double Largest = 7.9e28;

    /// <returns>Why not, for people; null when all is well.</returns>
    public static string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link) =>
        point.Address is not ModbusPoint address ? "it is not a Modbus point"
        : TooWide(address, (device as ModbusDevice)?.Plan, link) ?? (point.Write is null ? null : NotWritable(address)) ?? NotANumber(point, address) ?? Scale(point, address);

    private static string? TooWide(ModbusPoint address, PlanOverrides? plan, LinkOptions link)
    {
        var limits = link is ModbusLinkOptions options ? plan?.Over(options.Limits) ?? options.Limits : null;
        return !address.Space.IsBits() && address.Width > limits?.MaxRegisters
            ? $"{address.TypeWord} takes {address.Width} registers, and max-registers is {limits.MaxRegisters}; a value is read at once or not at all"
            : null;
    }

    private static string? NotWritable(ModbusPoint address)
    {
        if (!address.Space.IsWritable())
        {
            return $"Modbus cannot write a register of the {address.Space.Word()} table; leave out write, or name {(address.Space.IsBits() ? "a coil" : "a holding register")}";
        }

        return address.Type == ModbusType.Bool ? null
            : address.Type.IsText() && address.Number % 2 == 1 ? $"{address.TypeWord} is half of its last register, which is written as a whole; write an even number of bytes"
            : address.Width > ModbusLimits.WriteRegisters ? $"one write carries {ModbusLimits.WriteRegisters} registers, and {address.TypeWord} takes {address.Width}; leave out write"
            : !address.Type.IsText() && address.Width > 1 && new BitField(address).IsPart ? $"a part of {address.Width} registers cannot be written at once; leave out write, or name the one register in which it is"
            : null;
    }

    private static string? NotANumber(PointOptions point, ModbusPoint address)
    {
        if (!address.Type.IsBoolean() && !address.Type.IsText())
        {
            return point.Labels is not null && address.Type.IsFloat() ? $"enum names whole numbers, and {address.TypeWord} has others in between; remove it" : null;
        }

        var word = address.Type == ModbusType.Bool ? "bool" : address.TypeWord;
        return point.Scale != 1 || point.Offset != 0 ? $"a {word} has no scale and no offset; leave them out"
            : point.Precision is not null || point.Plausible is not null ? $"a {word} is not a number: precision and plausible mean nothing; leave them out"
            : point.AsText ? $"a {word} needs no as-text; leave it out"
            : point.Labels is not null && address.Type.IsText() ? $"enum names whole numbers, and {word} is a text; remove it"
            : point.Labels?.Entries.Any(e => e.Key is not (0 or 1)) == true ? $"a {word} is 0 or 1, and enum names others; name only these"
            : null;
    }

    private static string? Scale(PointOptions point, ModbusPoint address)
    {
        if (address.Type.IsBoolean() || address.Type.IsText())
        {
            return null;
        }

        if (point.Scale == 0)
        {
            return "a scale of 0 makes every value the same; leave it out for 1";
        }

        return !address.Type.IsFloat() && Overflows(new PointCodec(point).RawRange, point)
            ? $"scale and offset make numbers beyond 28 digits of a {address.TypeWord}; make them smaller"
            : null;
    }

    private static bool Overflows((decimal Min, decimal Max) range, PointOptions point)
    {
        var largest = (double)Math.Max(Math.Abs(range.Min), range.Max);
        return (largest * Math.Abs((double)point.Scale)) + Math.Abs((double)point.Offset) > Largest;
    }
}
