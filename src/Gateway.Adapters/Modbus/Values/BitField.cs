using System.Numerics;

namespace Gateway.Adapters.Modbus;

/// <summary>The bits of an integer, a bit or half a register inside the registers that hold them.</summary>
internal readonly struct BitField
{
    private readonly ulong _mask;
    private readonly int _shift;
    private readonly int _unused;
    private readonly bool _isSigned;

    public BitField(ModbusPoint point)
    {
        var all = ulong.MaxValue >> (64 - (point.Width * 16));
        (_mask, _shift) = point.Type switch
        {
            ModbusType.Bit => (1UL << point.Number, point.Number),
            ModbusType.Int8Hi or ModbusType.UInt8Hi => (0xFF00UL, 8),
            ModbusType.Int8Lo or ModbusType.UInt8Lo => (0xFFUL, 0),
            _ => ((point.Mask ?? all) & all, point.Shift),
        };
        _isSigned = point.Type.IsSigned();
        _unused = BitOperations.LeadingZeroCount(_mask >> _shift);
        IsPart = _mask >> _shift << _shift != all;
    }

    /// <summary>Other bits of its registers are none of it.</summary>
    public bool IsPart { get; }

    /// <summary>No bit is left of it.</summary>
    public bool IsEmpty => _mask >> _shift == 0;

    /// <summary>Smallest and largest number.</summary>
    public (decimal Min, decimal Max) Range => _isSigned
        ? (long.MinValue >> _unused, long.MaxValue >> _unused)
        : (0, ulong.MaxValue >> _unused);

    /// <summary>The mask has holes: not every number of <see cref="Range"/> can be written.</summary>
    public bool HasHoles => _mask >> _shift != ulong.MaxValue >> _unused;

    /// <summary>The number whose only bit is the lowest of the mask.</summary>
    public decimal Lowest
    {
        get
        {
            var lowest = _mask >> _shift << _shift;
            lowest &= ~lowest + 1;
            return _isSigned ? Signed(lowest) : Unsigned(lowest);
        }
    }

    public ulong Unsigned(ulong bits) => (bits & _mask) >> _shift;

    /// <summary>The highest bit that counts is the sign.</summary>
    public long Signed(ulong bits) => (long)(Unsigned(bits) << _unused) >> _unused;

    /// <summary>Puts a number of <see cref="Range"/> among the other bits.</summary>
    /// <param name="number">Negative ones in two's complement of 64 bits.</param>
    /// <param name="others">The registers as they are; what is not of this field stays.</param>
    /// <param name="bits">The registers as they should be.</param>
    /// <returns>false: the mask has holes, and the number bits in them.</returns>
    public bool TryInsert(ulong number, ulong others, out ulong bits)
    {
        var own = (number << _unused >> _unused) << _shift;
        var mask = _mask >> _shift << _shift;
        bits = (others & ~mask) | (own & mask);
        return (own & ~mask) == 0;
    }
}
