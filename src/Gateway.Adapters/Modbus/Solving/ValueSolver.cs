using System.Globalization;

namespace Gateway.Adapters.Modbus;

/// <summary>Finds the registers, types, orders and scales that fit what a display shows. Pure.</summary>
public static class ValueSolver
{
    private static readonly ModbusType[] s_types =
        [ModbusType.UInt16, ModbusType.Int16, ModbusType.Float32, ModbusType.UInt32, ModbusType.Int32, ModbusType.Float64, ModbusType.UInt64, ModbusType.Int64];

    /// <summary>Of four registers more orders are possible than of two.</summary>
    private static readonly ByteOrder[] s_wideOrders = [.. ByteOrders.Common, .. ByteOrders.OfFourRegisters];

    private static readonly ByteOrder[] s_orders = [.. ByteOrders.Common];

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
                foreach (var order in type.Width() switch { 1 => s_narrowOrders, 2 => s_orders, _ => s_wideOrders })
                {
                    if (TryRaw(image, space, address, type, order, out var raw, out var core))
                    {
                        AddFitting(found, new(space, (ushort)address, type, order, 1, raw, 0) { Core = core }, sighting);
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
            if (TryRaw(image, candidate.Space, candidate.Address, candidate.Type, candidate.Order, out var raw, out var core) && Fits(raw * (double)candidate.Scale, sighting))
            {
                var value = Scaled(raw, candidate.Scale);
                var cost = candidate.Cost + Plausibility.OfDistance(value, sighting) + Plausibility.OfMove(candidate.Value, value, (double)seenBefore, sighting);
                left.Add(candidate with { Value = value, Cost = cost, Core = core });
            }
        }

        return Ranked(left);
    }

    /// <summary>For people: readings of the same registers as the same number are one.</summary>
    /// <param name="candidates">The most plausible first.</param>
    public static IReadOnlyList<CandidateGroup> Fold(IEnumerable<Candidate> candidates) =>
    [
        .. candidates.GroupBy(static c => c.Type.IsFloat() ? (c.Range, c.Type, c.Order, c.Scale, c.Value) : (c.Core, ModbusType.Int64, ByteOrder.Abcd, c.Scale, c.Value))
            .Select(static g => new CandidateGroup(g.First(), [.. g.Skip(1)])),
    ];

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

    private static bool TryRaw(RegisterImage image, RegisterSpace space, int address, ModbusType type, ByteOrder order, out double raw, out RegisterRange core)
    {
        Span<byte> wire = stackalloc byte[type.Width() * 2];
        (raw, core) = (double.NaN, default);
        if (address + type.Width() > ushort.MaxValue + 1 || !image.TryGet(space, address, wire))
        {
            return false;
        }

        var first = Math.Max(0, wire.IndexOfAnyExcept((byte)0)) / 2;
        var last = Math.Max(0, wire.LastIndexOfAnyExcept((byte)0)) / 2;
        core = new(space, (ushort)(address + first), last - first + 1);
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

    private static List<Candidate> Ranked(List<Candidate> candidates) =>
        [.. candidates.OrderBy(static c => c.Cost).ThenBy(static c => c.Space).ThenBy(static c => c.Address).ThenBy(static c => c.Type is ModbusType.Int16 or ModbusType.Int32 or ModbusType.Int64).ThenBy(static c => c.Type).ThenBy(static c => c.Order).ThenByDescending(static c => c.Scale)];
}
