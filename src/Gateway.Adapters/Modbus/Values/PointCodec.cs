using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Between the registers of one point and its scaled value. Pure; made once for each point.</summary>
/// <remarks>Integers are scaled as decimals and stay exact. float32 is computed in double and rounded once to float32, so that it prints as short as the device means it.</remarks>
public sealed class PointCodec
{
    public const string NotANumber = ValueRules.NotANumber;

    private readonly PointOptions? _point;
    private readonly ModbusPoint _address;
    private readonly BitField _field;
    private readonly ExactScale _exact;
    private readonly BinaryScale _binary;
    private readonly ValueRules? _rules;
    private readonly Sentinels? _sentinels;
    private readonly bool _isSigned;
    private readonly bool _isByte;
    private readonly bool _isSingle;
    private readonly bool _isPlain;

    public PointCodec(PointOptions point)
        : this((ModbusPoint)point.Address, point.Scale, point.Offset)
    {
        _point = point;
        _rules = new(point);
        _isPlain = _rules.AllowAll && ((_address.Type.IsInteger() && _address.Type != ModbusType.UInt64) || _isSingle);
    }

    /// <summary>Without a configured point, for tools.</summary>
    /// <param name="address">Where it lies, and how its bits are understood.</param>
    /// <param name="scale">Multiplied with the raw value.</param>
    /// <param name="offset">Added after scaling.</param>
    public PointCodec(ModbusPoint address, decimal scale = 1, decimal offset = 0)
    {
        _address = address;
        _field = address.Type.IsText() ? default : new(address);
        _exact = new(!address.Type.IsText() && address.Width <= 2, scale, offset);
        _binary = new(scale, offset);
        _isSigned = address.Type.IsSigned();
        _isByte = address.Type.IsByte();
        _isSingle = address.Type == ModbusType.Float32;
        _sentinels = address.NotANumber.Patterns.Count > 0 ? address.NotANumber : null;
        Width = address.Width;
    }

    /// <summary>Registers that the point takes; one bit for a bool.</summary>
    public int Width { get; }

    /// <summary>The point is only some of the bits of its registers.</summary>
    public bool IsPart => _field.IsPart && !_address.Type.IsText();

    /// <summary>Smallest and largest raw integer. Not for bool, floats and texts.</summary>
    internal (decimal Min, decimal Max) RawRange => _address.Type switch
    {
        ModbusType.Bcd16 => (0, 9_999),
        ModbusType.Bcd32 => (0, 99_999_999),
        _ => _field.Range,
    };

    /// <summary>A reading of the configured point.</summary>
    /// <param name="wire">The point's registers as received.</param>
    /// <param name="at">When they were read.</param>
    public Reading Read(ReadOnlySpan<byte> wire, DateTimeOffset at)
    {
        // Most points are numbers that may have any value: nothing can be wrong with them but what stands for "no value".
        if (_isPlain)
        {
            var bits = wire.Length == 2 && _address.Order == ByteOrder.Abcd ? BinaryPrimitives.ReadUInt16BigEndian(wire) : RegisterCodec.Read(wire, _address.Order);
            if (!IsNoValue(bits))
            {
                if (!_isSingle)
                {
                    return new(_point!, PointValue.Of(Integer(bits)), Quality.Good, at);
                }

                var number = Single(bits);
                if (float.IsFinite(number))
                {
                    return new(_point!, PointValue.Of(number), Quality.Good, at);
                }
            }
        }

        return ReadAny(wire, at);
    }

    /// <summary>A reading of the configured coil or discrete.</summary>
    public Reading Read(bool on, DateTimeOffset at) => Reading.Good(_point!, PointValue.Of(on), at);

    /// <inheritdoc cref="TryDecode(ReadOnlySpan{byte}, out PointValue, out string)"/>
    public bool TryDecode(ReadOnlySpan<byte> wire, out PointValue value) => TryDecode(wire, out value, out _);

    /// <param name="wire">The point's registers as received.</param>
    /// <param name="value">The scaled value; <see cref="PointValue.None"/> when false.</param>
    /// <param name="problem">Why it is none: NaN or infinity, what the device says for "no value", no decimal digits, no text, implausible.</param>
    /// <returns>false: a bad quality, not a value.</returns>
    public bool TryDecode(ReadOnlySpan<byte> wire, out PointValue value, [NotNullWhen(false)] out string? problem)
    {
        problem = _address.Type.IsText() ? TextCodec.Decode(_address, wire, out value) : Decode(RegisterCodec.Read(wire, _address.Order), out value);
        problem ??= _rules is { } rules ? rules.Apply(ref value) : value.IsFinite ? null : NotANumber;
        if (problem is null)
        {
            return true;
        }

        value = PointValue.None;
        return false;
    }

    /// <summary>Turns a scaled value into registers. A value between two steps of the scale goes to the nearer one; the read-back tells which.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="wire">Exactly the point's registers; if it is only a part of them (<see cref="IsPart"/>), as they are now: the other bits stay.</param>
    /// <returns>Why it cannot be written, or null.</returns>
    public string? Encode(PointValue value, Span<byte> wire) => _address.Type switch
    {
        ModbusType.String or ModbusType.Bytes => TextCodec.Encode(_address, value, wire),
        ModbusType.Float16 or ModbusType.Float32 or ModbusType.Float64 => EncodeFloat(value, wire),
        ModbusType.Bool or ModbusType.Bit => EncodeBit(value, out var on) ?? Insert(value, on ? 1UL : 0, wire),
        _ => EncodeInteger(value, wire),
    };

    /// <summary>What a write of a part of one register changes in it: its own bits, whatever the others are.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="mask">The own bits, as on the wire.</param>
    /// <param name="bits">What they become.</param>
    /// <returns>Why it cannot be written, or null.</returns>
    public string? EncodePart(PointValue value, out ushort mask, out ushort bits)
    {
        Span<byte> zeros = [0, 0];
        Span<byte> ones = [0xFF, 0xFF];
        var problem = Encode(value, zeros) ?? Encode(value, ones);
        bits = BinaryPrimitives.ReadUInt16BigEndian(zeros);
        mask = (ushort)~(bits ^ BinaryPrimitives.ReadUInt16BigEndian(ones));
        return problem;
    }

    /// <summary>For coils.</summary>
    /// <returns>Why it cannot be written, or null.</returns>
    public static string? EncodeBit(PointValue value, out bool on)
    {
        on = value.Boolean;
        return value.Kind == PointValueKind.Boolean || (value.Kind == PointValueKind.Exact && value.Exact is 0 or 1)
            ? null
            : $"{value} is not true or false";
    }

    /// <summary>Not inlined: its locals would have to be cleared for every plain integer too, which costs more than reading one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Reading ReadAny(ReadOnlySpan<byte> wire, DateTimeOffset at) =>
        TryDecode(wire, out var value, out var problem) ? new(_point!, value, Quality.Good, at) : Reading.Bad(_point!, problem, at);

    private string? Decode(ulong bits, out PointValue value)
    {
        value = PointValue.None;
        if (IsNoValue(bits))
        {
            return NotANumber;
        }

        switch (_address.Type)
        {
            case ModbusType.Bool or ModbusType.Bit:
                value = PointValue.Of(_field.Unsigned(bits) != 0);
                break;
            case ModbusType.Float16:
                value = PointValue.Of((float)_binary.Apply(Shortest(BitConverter.UInt16BitsToHalf((ushort)bits))));
                break;
            case ModbusType.Float32:
                value = PointValue.Of(Single(bits));
                break;
            case ModbusType.Float64:
                value = PointValue.Of(_binary.Apply(BitConverter.UInt64BitsToDouble(bits)));
                break;
            case ModbusType.Bcd16 or ModbusType.Bcd32:
                if (!Bcd.TryDecode(bits, out var digits))
                {
                    return "not decimal digits";
                }

                value = PointValue.Of(_exact.Apply(digits));
                break;
            case ModbusType.UInt64:
                value = PointValue.Of(_exact.Apply((decimal)_field.Unsigned(bits)));
                break;
            default:
                value = PointValue.Of(Integer(bits));
                break;
        }

        return null;
    }

    private bool IsNoValue(ulong bits) => _sentinels is { } sentinels && sentinels.Contains(_isByte ? _field.Unsigned(bits) : bits);

    private decimal Integer(ulong bits)
    {
        var raw = _isSigned ? _field.Signed(bits) : (long)_field.Unsigned(bits);
        return _exact.IsIdentity ? raw : _exact.Apply(raw);
    }

    private float Single(ulong bits) => (float)_binary.Apply(BitConverter.UInt32BitsToSingle((uint)bits));

    /// <summary>The number that prints as the half does: 0.1, not 0.099975586, which is the same half.</summary>
    internal static double Shortest(Half half)
    {
        Span<char> digits = stackalloc char[32];
        return Half.IsFinite(half) && half.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture)
            ? float.Parse(digits[..written], CultureInfo.InvariantCulture)
            : (double)half;
    }

    private string? EncodeFloat(PointValue value, Span<byte> wire)
    {
        if (value.Kind == PointValueKind.Boolean || !value.TryGetNumber(out var number))
        {
            return $"{value} is not a number";
        }

        var raw = _binary.Undo(number);
        var (bits, isFinite) = _address.Type switch
        {
            ModbusType.Float16 => (BitConverter.HalfToUInt16Bits((Half)raw), Half.IsFinite((Half)raw)),
            ModbusType.Float32 => (BitConverter.SingleToUInt32Bits((float)raw), float.IsFinite((float)raw)),
            _ => (BitConverter.DoubleToUInt64Bits(raw), double.IsFinite(raw)),
        };
        return isFinite ? Finish(value, bits, wire) : $"{value} is out of the range of {_address.TypeWord}";
    }

    private string? EncodeInteger(PointValue value, Span<byte> wire)
    {
        var (min, max) = RawRange;
        switch (TryRaw(value, out var raw))
        {
            case null:
                return $"{value} is not a number";
            case false:
                return $"{value} is out of the range of {_address.TypeWord}";
        }

        if (raw < min || raw > max)
        {
            return $"{value} is out of the range of {_address.TypeWord}: {_exact.Apply(min):0.############} to {_exact.Apply(max):0.############}";
        }

        return _address.Type.IsBcd() ? Finish(value, Bcd.Encode((ulong)raw), wire) : Insert(value, raw < 0 ? (ulong)(long)raw : (ulong)raw, wire);
    }

    private string? Insert(in PointValue value, ulong number, Span<byte> wire)
    {
        var others = _field.IsPart ? RegisterCodec.Read(wire, _address.Order) : 0;
        return _field.TryInsert(number, others, out var bits) ? Finish(value, bits, wire) : $"{value} has bits outside of the mask";
    }

    private string? Finish(in PointValue value, ulong bits, Span<byte> wire)
    {
        if (IsNoValue(bits) && (!_field.IsPart || _address.Type.IsByte()))
        {
            return $"{value} is what the device says when it has no value";
        }

        RegisterCodec.Write(wire, bits, _address.Order);
        return null;
    }

    /// <returns>null: not a number; false: too large for any integer.</returns>
    private bool? TryRaw(PointValue value, out decimal raw)
    {
        raw = 0;
        try
        {
            decimal? number = value.Kind switch
            {
                PointValueKind.Exact => value.Exact,
                PointValueKind.Single or PointValueKind.Double when double.IsFinite(value.Double) => (decimal)value.Double,
                _ => null,
            };
            if (number is null)
            {
                return null;
            }

            raw = decimal.Round(_exact.Undo(number.Value), MidpointRounding.AwayFromZero);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}
