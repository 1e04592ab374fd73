using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Between the registers of one point and its scaled value. Pure; made once for each point.</summary>
/// <remarks>Integers are scaled as decimals and stay exact. float32 is computed in double and rounded once to float32, so that it prints as short as the device means it.</remarks>
public sealed class PointCodec
{
    public const string NotANumber = "not a number";

    private readonly ModbusPoint _address;
    private readonly ExactScale _exact;
    private readonly BinaryScale _binary;

    public PointCodec(PointOptions point)
    {
        _address = (ModbusPoint)point.Address;
        _exact = new(_address.Type, point.Scale, point.Offset);
        _binary = new(point.Scale, point.Offset);
    }

    /// <summary>Registers that the point takes; one bit for a bool.</summary>
    public int Width => _address.Width;

    /// <param name="wire">The point's registers as received.</param>
    /// <param name="value">The scaled value; <see cref="PointValue.None"/> when false.</param>
    /// <returns>false: NaN or infinity, which is a bad quality, not a value.</returns>
    public bool TryDecode(ReadOnlySpan<byte> wire, out PointValue value)
    {
        var bits = RegisterCodec.Read(wire, _address.Order);
        switch (_address.Type)
        {
            case ModbusType.Float32:
                var single = (float)_binary.Apply(BitConverter.UInt32BitsToSingle((uint)bits));
                value = float.IsFinite(single) ? PointValue.Of(single) : PointValue.None;
                return float.IsFinite(single);
            case ModbusType.Float64:
                var number = _binary.Apply(BitConverter.UInt64BitsToDouble(bits));
                value = double.IsFinite(number) ? PointValue.Of(number) : PointValue.None;
                return double.IsFinite(number);
            default:
                value = PointValue.Of(Integer(bits));
                return true;
        }
    }

    /// <summary>Turns a scaled value into registers. A value between two steps of the scale goes to the nearer one; the read-back tells which.</summary>
    /// <param name="value">What to write.</param>
    /// <param name="wire">Exactly the point's registers.</param>
    /// <returns>Why it cannot be written, or null.</returns>
    public string? Encode(PointValue value, Span<byte> wire) =>
        _address.Type.IsFloat() ? EncodeFloat(value, wire) : EncodeInteger(value, wire);

    /// <summary>For coils.</summary>
    /// <returns>Why it cannot be written, or null.</returns>
    public static string? EncodeBit(PointValue value, out bool on)
    {
        on = value.Boolean;
        return value.Kind == PointValueKind.Boolean || (value.Kind == PointValueKind.Exact && value.Exact is 0 or 1)
            ? null
            : $"{value} is not true or false";
    }

    private decimal Integer(ulong bits) => _address.Type switch
    {
        ModbusType.Int16 => _exact.Apply((short)bits),
        ModbusType.UInt16 => _exact.Apply((ushort)bits),
        ModbusType.Int32 => _exact.Apply((int)bits),
        ModbusType.UInt32 => _exact.Apply((uint)bits),
        ModbusType.Int64 => _exact.Apply((long)bits),
        _ => _exact.Apply((decimal)bits),
    };

    private string? EncodeFloat(PointValue value, Span<byte> wire)
    {
        if (value.Kind == PointValueKind.Boolean || !value.TryGetNumber(out var number))
        {
            return $"{value} is not a number";
        }

        var raw = _binary.Undo(number);
        if (!double.IsFinite(raw) || (_address.Type == ModbusType.Float32 && !float.IsFinite((float)raw)))
        {
            return $"{value} is out of the range of {_address.Type.Word()}";
        }

        var bits = _address.Type == ModbusType.Float32 ? BitConverter.SingleToUInt32Bits((float)raw) : BitConverter.DoubleToUInt64Bits(raw);
        RegisterCodec.Write(wire, bits, _address.Order);
        return null;
    }

    private string? EncodeInteger(PointValue value, Span<byte> wire)
    {
        var (min, max) = _address.Type.IntegerRange();
        switch (TryRaw(value, out var raw))
        {
            case null:
                return $"{value} is not a number";
            case false:
                return $"{value} is out of the range of {_address.Type.Word()}";
        }

        if (raw < min || raw > max)
        {
            return $"{value} is out of the range of {_address.Type.Word()}: {_exact.Apply(min):0.############} to {_exact.Apply(max):0.############}";
        }

        RegisterCodec.Write(wire, raw < 0 ? (ulong)(long)raw : (ulong)raw, _address.Order);
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
