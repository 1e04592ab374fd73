using System.Text;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Between registers and the texts and bytes in them.</summary>
internal static class TextCodec
{
    private static readonly Encoding s_utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding s_utf16 = new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly Encoding s_latin1 = Encoding.GetEncoding("latin1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);

    /// <returns>Why it is no text; null: it is.</returns>
    public static string? Decode(ModbusPoint point, ReadOnlySpan<byte> wire, out PointValue value)
    {
        Span<byte> ordered = stackalloc byte[wire.Length];
        RegisterCodec.Reorder(wire, ordered, point.Order);
        var bytes = ordered[..point.Number];
        if (point.Type == ModbusType.Bytes)
        {
            value = PointValue.Of(Convert.ToHexStringLower(bytes));
            return null;
        }

        try
        {
            value = PointValue.Of(Trim(Of(point.Encoding).GetString(Used(bytes, point)), point.Trim));
            return null;
        }
        catch (DecoderFallbackException)
        {
            value = PointValue.None;
            return $"not {Word(point.Encoding)} text";
        }
    }

    /// <returns>Why it cannot be written; null: it can.</returns>
    public static string? Encode(ModbusPoint point, in PointValue value, Span<byte> wire)
    {
        if (value.Kind != PointValueKind.Text)
        {
            return point.Type == ModbusType.Bytes ? $"{value} is not a text of hexadecimal digits" : $"{value} is not a text";
        }

        byte[] bytes;
        try
        {
            bytes = point.Type == ModbusType.Bytes ? Convert.FromHexString(value.Text!) : Of(point.Encoding).GetBytes(value.Text!);
        }
        catch (Exception e) when (e is FormatException or EncoderFallbackException)
        {
            return e is FormatException ? $"{value} is not a text of hexadecimal digits" : $"{value} cannot be written in {Word(point.Encoding)}";
        }

        if (point.Type == ModbusType.Bytes ? bytes.Length != point.Number : bytes.Length > point.Number)
        {
            return point.Type == ModbusType.Bytes ? $"{bytes.Length} bytes where {point.Number} belong" : $"{bytes.Length} bytes where {point.Number} have room";
        }

        Span<byte> padded = stackalloc byte[wire.Length];
        padded.Clear();
        bytes.CopyTo(padded);
        RegisterCodec.Reorder(padded, wire, point.Order);
        return null;
    }

    /// <summary>Behind the first zero devices leave what was there before.</summary>
    private static ReadOnlySpan<byte> Used(ReadOnlySpan<byte> bytes, ModbusPoint point)
    {
        if (point.Trim == TextTrim.None)
        {
            return bytes;
        }

        if (point.Encoding != TextEncoding.Utf16)
        {
            return bytes.IndexOf((byte)0) is >= 0 and var end ? bytes[..end] : bytes;
        }

        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            if (bytes[i] == 0 && bytes[i + 1] == 0)
            {
                return bytes[..i];
            }
        }

        return bytes;
    }

    private static string Trim(string text, TextTrim trim) => trim switch { TextTrim.End => text.TrimEnd(' '), TextTrim.Both => text.Trim(' '), _ => text };

    private static Encoding Of(TextEncoding encoding) => encoding switch { TextEncoding.Utf16 => s_utf16, TextEncoding.Latin1 => s_latin1, _ => s_utf8 };

    private static string Word(TextEncoding encoding) => encoding switch { TextEncoding.Utf16 => "UTF-16", TextEncoding.Latin1 => "Latin-1", _ => "UTF-8" };
}
