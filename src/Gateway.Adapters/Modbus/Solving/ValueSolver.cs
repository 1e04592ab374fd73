using System.Globalization;

namespace Gateway.Adapters.Modbus;

/// <summary>Finds the registers, types, orders and scales that fit what a display shows. Pure.</summary>
public static class ValueSolver
{
    private static readonly ModbusType[] s_types =
        [ModbusType.UInt16, ModbusType.Int16, ModbusType.Float32, ModbusType.UInt32, ModbusType.Int32, ModbusType.Float64, ModbusType.UInt64, ModbusType.Int64];

    private static readonly ByteOrder[] s_orders = Enum.GetValues<ByteOrder>();

    /// <summary>Of one register only the order of its two bytes can differ.</summary>
    private static readonly ByteOrder[] s_narrowOrders = [ByteOrder.Abcd, ByteOrder.Badc];

    /// <summary>Everything that fits, the most plausible first.</summary>
    public static IReadOnlyList<Candidate> Find(RegisterImage image, Sighting sighting)
    {
        var found = new List<Candidate>();
        foreach (var (space, address) in image.Places)
        {
            foreach (var type in s_types)
            {
                foreach (var order in type.Width() == 1 ? s_narrowOrders : s_orders)
                {
                    if (TryRaw(image, space, address, type, order, out var raw))
                    {
                        AddFitting(found, new(space, (ushort)address, type, order, 1, raw, 0), sighting);
                    }
                }
            }
        }

        return Ranked(found);
    }

    /// <summary>Those that fit what was seen later, too.</summary>
    /// <param name="candidates">What fitted before.</param>
    /// <param name="seenBefore">What the display showed then.</param>
    /// <param name="image">Their registers, read anew.</param>
    /// <param name="sighting">What it shows now.</param>
    public static IReadOnlyList<Candidate> Narrow(IEnumerable<Candidate> candidates, decimal seenBefore, RegisterImage image, Sighting sighting)
    {
        var left = new List<Candidate>();
        foreach (var candidate in candidates)
        {
            if (TryRaw(image, candidate.Space, candidate.Address, candidate.Type, candidate.Order, out var raw) && Fits(raw * (double)candidate.Scale, sighting))
            {
                var value = Scaled(raw, candidate.Scale);
                var cost = candidate.Cost + Plausibility.OfDistance(value, sighting) + Plausibility.OfMove(candidate.Value, value, (double)seenBefore, sighting);
                left.Add(candidate with { Value = value, Cost = cost });
            }
        }

        return Ranked(left);
    }

    /// <summary>For people: a signed and an unsigned integer that read the same are one line.</summary>
    public static IReadOnlyList<Candidate> Fold(IReadOnlyList<Candidate> candidates)
    {
        var signed = candidates.Where(static c => Unsigned(c.Type) is not null)
            .Select(static c => (c.Space, c.Address, Type: Unsigned(c.Type)!.Value, c.Order, c.Scale, c.Value)).ToHashSet();
        var unsigned = candidates.Where(static c => Unsigned(c.Type) is null).Select(static c => (c.Space, c.Address, c.Type, c.Order, c.Scale, c.Value)).ToHashSet();
        return
        [
            .. candidates.Where(c => Unsigned(c.Type) is not { } twin || !unsigned.Contains((c.Space, c.Address, twin, c.Order, c.Scale, c.Value)))
                .Select(c => c with { OrSigned = signed.Contains((c.Space, c.Address, c.Type, c.Order, c.Scale, c.Value)) && Unsigned(c.Type) is null }),
        ];
    }

    private static void AddFitting(List<Candidate> found, Candidate unscaled, Sighting sighting)
    {
        foreach (var scale in Plausibility.Scales)
        {
            if (Fits(unscaled.Value * (double)scale, sighting))
            {
                var value = Scaled(unscaled.Value, scale);
                var cost = Plausibility.Of(unscaled.Type, unscaled.Order, scale, unscaled.Value) + Plausibility.OfDistance(value, sighting);
                found.Add(unscaled with { Scale = scale, Value = value, Cost = cost });
            }
        }
    }

    /// <summary>With room for the rounding of binary numbers.</summary>
    private static bool Fits(double value, Sighting sighting) => Math.Abs(value - (double)sighting.Value) <= (double)sighting.Tolerance * 1.0001;

    /// <summary>As short as it is meant: 2314 × 0.1 is 231.4.</summary>
    private static double Scaled(double raw, decimal scale) => scale < 1 ? raw / (double)(1 / scale) : raw * (double)scale;

    private static bool TryRaw(RegisterImage image, RegisterSpace space, int address, ModbusType type, ByteOrder order, out double raw)
    {
        Span<byte> wire = stackalloc byte[type.Width() * 2];
        raw = double.NaN;
        if (address + type.Width() > ushort.MaxValue + 1 || !image.TryGet(space, address, wire))
        {
            return false;
        }

        var bits = RegisterCodec.Read(wire, order);
        raw = type switch
        {
            ModbusType.Int16 => (short)bits,
            ModbusType.UInt16 => (ushort)bits,
            ModbusType.Int32 => (int)bits,
            ModbusType.UInt32 => (uint)bits,
            ModbusType.Int64 => (long)bits,
            ModbusType.UInt64 => bits,
            ModbusType.Float32 => Shortest(BitConverter.UInt32BitsToSingle((uint)bits)),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };
        return double.IsFinite(raw);
    }

    /// <summary>The float as it is meant: 231.4, not 231.39999389648438.</summary>
    private static double Shortest(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static ModbusType? Unsigned(ModbusType type) => type switch
    {
        ModbusType.Int16 => ModbusType.UInt16,
        ModbusType.Int32 => ModbusType.UInt32,
        ModbusType.Int64 => ModbusType.UInt64,
        _ => null,
    };

    private static List<Candidate> Ranked(List<Candidate> candidates) =>
        [.. candidates.OrderBy(static c => c.Cost).ThenBy(static c => c.Space).ThenBy(static c => c.Address).ThenBy(static c => c.Type).ThenBy(static c => c.Order).ThenByDescending(static c => c.Scale)];
}
