using System.Globalization;
using System.Text;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>From the bytes of one field to its value.</summary>
internal static class LayoutValues
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="field">An integer, a float or a bool.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="value">The value.</param>
    /// <param name="raw">The number before scaling; null: a float.</param>
    /// <returns>Why there is no value; null: there is.</returns>
    public static string? Number(LayoutField field, ReadOnlySpan<byte> bytes, out PointValue value, out decimal? raw)
    {
        var bits = LayoutIntegers.Read(bytes, field.IsLittleEndian);
        bits = (bits & field.UsedBits.Mask) >> field.UsedBits.First;
        (value, raw) = (PointValue.None, null);
        if (field.Type.IsFloat())
        {
            return field.NotANumber.Contains(bits) ? PointCodec.NotANumber : Float(field, bits, out value);
        }

        raw = LayoutIntegers.Number(field, bits);
        if (field.NotANumber.Contains(bits))
        {
            return PointCodec.NotANumber;
        }

        value = field.Type == LayoutType.Bool ? PointValue.Of(bits != 0) : PointValue.Of((raw.Value * field.Scale) + field.Offset);
        if (field.Labels is not { } labels)
        {
            return null;
        }

        var label = labels.Of(PointValue.Of(field.Type == LayoutType.Bool ? Math.Min(raw.Value, 1) : raw.Value));
        value = label is null ? PointValue.None : PointValue.Of(label);
        return label is null ? $"{raw.Value.ToString(CultureInfo.InvariantCulture)} has no label" : null;
    }

    /// <returns>Why there is no value; null: there is.</returns>
    public static string? Text(LayoutField field, ReadOnlySpan<byte> bytes, out PointValue value)
    {
        if (field.Type == LayoutType.Bytes)
        {
            value = PointValue.Of(Convert.ToHexStringLower(bytes));
            return null;
        }

        // Of a fixed length, zeros and spaces behind the text are padding.
        bytes = field.Shape.Length > 0 && bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes;
        try
        {
            var text = s_utf8.GetString(bytes);
            value = PointValue.Of(field.Shape.Length > 0 ? text.TrimEnd(' ') : text);
            return null;
        }
        catch (DecoderFallbackException)
        {
            value = PointValue.None;
            return "not UTF-8 text";
        }
    }

    /// <summary>Scaled in double and rounded once to what the device sent, so that it prints as short as it was meant.</summary>
    private static string? Float(LayoutField field, ulong bits, out PointValue value)
    {
        var scale = new BinaryScale(field.Scale, field.Offset);
        value = field.Type switch
        {
            LayoutType.Float16 => PointValue.Of((float)scale.Apply(PointCodec.Shortest(BitConverter.UInt16BitsToHalf((ushort)bits)))),
            LayoutType.Float32 => PointValue.Of((float)scale.Apply(BitConverter.UInt32BitsToSingle((uint)bits))),
            _ => PointValue.Of(scale.Apply(BitConverter.UInt64BitsToDouble(bits))),
        };
        if (value.IsFinite)
        {
            return null;
        }

        value = PointValue.None;
        return PointCodec.NotANumber;
    }
}
