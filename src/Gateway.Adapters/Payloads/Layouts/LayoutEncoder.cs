using System.Globalization;
using System.Text;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>Makes payloads as a layout describes them: the inverse of <see cref="LayoutDecoder"/>, for downlinks and simulated devices.</summary>
/// <remarks>Bytes that no field takes are 0. Hidden fields without a value are 0, except one that chooses: it must be given.</remarks>
public sealed class LayoutEncoder(Layout layout)
{
    /// <param name="value">The value of a field by its name in <see cref="DecodedValues"/>; null: it has none.</param>
    /// <param name="port">The number beside the payload.</param>
    /// <param name="payload">Receives the bytes.</param>
    /// <param name="length">Bytes written.</param>
    /// <returns>Why it cannot be made; null: it is.</returns>
    public string? Encode(Func<string, PointValue?> value, int? port, Span<byte> payload, out int length)
    {
        payload.Clear();
        length = 0;
        var cursor = new LayoutCursor();
        for (var round = 1; ; round++)
        {
            cursor.Restart();
            var began = cursor.Position;
            PointValue? Of(string name) => value(round == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{round}"));
            if (round > 1 && !layout.Fields.Any(f => Of(f.Id) is not null))
            {
                return null;
            }

            if ((All(layout.Fields, Of, ref cursor, payload, ref length) ?? Rest(Of, port, ref cursor, payload, ref length)) is { } problem)
            {
                return problem;
            }

            if (!layout.Repeats || cursor.Position <= began)
            {
                length = layout.Length ?? length;
                return length <= payload.Length ? null : $"{length} bytes, and there is room for {payload.Length}";
            }
        }
    }

    private string? Rest(Func<string, PointValue?> value, int? port, ref LayoutCursor cursor, Span<byte> payload, ref int length)
    {
        if (layout.Choose is null)
        {
            return null;
        }

        decimal? choice = port;
        if (layout.Choose != Layout.Port)
        {
            var field = layout.Fields.First(f => f.Id == layout.Choose);
            choice = value(field.Id) is { } given && Raw(field, given, out var bits) is null ? LayoutIntegers.Number(field, bits) : null;
        }

        return choice is null ? $"{layout.Choose} is missing, which chooses among the cases"
            : layout.Case(choice.Value) is { } chosen ? All(chosen.Fields, value, ref cursor, payload, ref length)
            : $"{layout.Choose} is {choice}, and no case is for it";
    }

    private static string? All(IReadOnlyList<LayoutField> fields, Func<string, PointValue?> value, ref LayoutCursor cursor, Span<byte> payload, ref int length)
    {
        foreach (var field in fields)
        {
            if (One(field, value(field.Id), ref cursor, payload, ref length) is { } problem)
            {
                return $"{field.Id}: {problem}";
            }
        }

        return null;
    }

    private static string? One(LayoutField field, PointValue? given, ref LayoutCursor cursor, Span<byte> payload, ref int length)
    {
        if (given is null && !field.IsHidden)
        {
            return "no value";
        }

        if (field.At < 0)
        {
            return "its place counts from the end, and the end is not known while encoding";
        }

        var at = cursor.Begin(field, 0);
        byte[] bytes = [];
        if (field.Type.IsText() && given is not null && Bytes(field, given.Value, out bytes) is { } problem)
        {
            return problem;
        }

        var prefix = field.Shape.LengthIn?.Width() ?? 0;
        var size = prefix + (!field.Type.IsText() ? field.Type.Width() : field.Shape.Length > 0 ? field.Shape.Length : bytes.Length);
        if (at + size > payload.Length)
        {
            return $"takes the bytes up to {at + size}, and there is room for {payload.Length}";
        }

        var place = payload.Slice(at, size);
        cursor.End(at + size);
        length = Math.Max(length, at + size);
        if (field.Type.IsText())
        {
            LayoutIntegers.Write(place[..prefix], (ulong)bytes.Length, field.IsLittleEndian);
            bytes.CopyTo(place[prefix..]);
            return null;
        }

        ulong bits = 0;
        if (given is not null && Raw(field, given.Value, out bits) is { } wrong)
        {
            return wrong;
        }

        var others = LayoutIntegers.Read(place, field.IsLittleEndian) & ~field.UsedBits.Mask;
        LayoutIntegers.Write(place, others | (bits << field.UsedBits.First), field.IsLittleEndian);
        return null;
    }

    /// <summary>The counting bits of a number, from bit 0.</summary>
    internal static string? Raw(LayoutField field, in PointValue value, out ulong bits)
    {
        bits = 0;
        if (field.Labels is { } labels && value.Kind == PointValueKind.Text)
        {
            if (!labels.TryValue(value.Text!, out var labelled))
            {
                return $"\"{value.Text}\" is none of its labels: {labels}";
            }

            return Insert(field, labelled, out bits);
        }

        if (field.Type == LayoutType.Bool)
        {
            bits = value.Boolean ? 1UL : 0;
            return value.Kind == PointValueKind.Boolean || (value.Kind == PointValueKind.Exact && value.Exact is 0 or 1) ? null : $"{value} is not true or false";
        }

        if (value.Kind == PointValueKind.Boolean || !value.TryGetNumber(out var number) || !double.IsFinite(number))
        {
            return $"{value} is not a number";
        }

        if (field.Type.IsFloat())
        {
            var raw = new BinaryScale(field.Scale, field.Offset).Undo(number);
            (bits, var isFinite) = field.Type switch
            {
                LayoutType.Float16 => (BitConverter.HalfToUInt16Bits((Half)raw), Half.IsFinite((Half)raw)),
                LayoutType.Float32 => (BitConverter.SingleToUInt32Bits((float)raw), float.IsFinite((float)raw)),
                _ => (BitConverter.DoubleToUInt64Bits(raw), double.IsFinite(raw)),
            };
            return isFinite ? NotSaidAsNothing(field, value, bits) : $"{value} is out of the range of {field.Type.Word()}";
        }

        try
        {
            var exact = value.Kind == PointValueKind.Exact ? value.Exact : (decimal)number;
            return Insert(field, decimal.Round((exact - field.Offset) / field.Scale, MidpointRounding.AwayFromZero), out bits) ?? NotSaidAsNothing(field, value, bits);
        }
        catch (OverflowException)
        {
            return $"{value} is out of the range of {field.Type.Word()}";
        }
    }

    private static string? Insert(LayoutField field, decimal raw, out ulong bits)
    {
        var (min, max) = LayoutIntegers.Range(field);
        bits = 0;
        if (raw < min || raw > max)
        {
            return $"a raw value of {raw.ToString("0", CultureInfo.InvariantCulture)} does not fit into {field.UsedBits.Count} bits ({min} to {max})";
        }

        bits = (raw < 0 ? (ulong)(long)raw : (ulong)raw) & (field.UsedBits.Mask >> field.UsedBits.First);
        return null;
    }

    private static string? NotSaidAsNothing(LayoutField field, in PointValue value, ulong bits) =>
        field.NotANumber.Contains(bits) ? $"{value} is what the device says when it has no value" : null;

    private static string? Bytes(LayoutField field, in PointValue value, out byte[] bytes)
    {
        bytes = [];
        if (value.Kind != PointValueKind.Text)
        {
            return $"{value} is not a text";
        }

        if (field.Type == LayoutType.Bytes)
        {
            if (value.Text!.Length % 2 != 0 || !value.Text.All(char.IsAsciiHexDigit))
            {
                return $"{value} is not a text of hexadecimal digits";
            }

            bytes = Convert.FromHexString(value.Text);
        }
        else
        {
            bytes = Encoding.UTF8.GetBytes(value.Text!);
        }

        var most = field.Shape.Length > 0 ? field.Shape.Length : field.Shape.LengthIn is { } prefix ? (1L << (prefix.Width() * 8)) - 1 : int.MaxValue;
        return field.Type == LayoutType.Bytes && field.Shape.Length > 0 && bytes.Length != most ? $"{bytes.Length} bytes where {most} belong"
            : bytes.Length > most ? $"{bytes.Length} bytes where {most} have room"
            : null;
    }
}
