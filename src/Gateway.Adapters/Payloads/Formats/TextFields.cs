using System.Text;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>A payload of words: <c>t=21.5C;bat:3.3V,open=1</c>, or bare values with separators between them.</summary>
/// <remarks>Pairs are separated by comma, semicolon, ampersand, bar, white space; key and value by = or colon. A bare value is <c>value-1</c>, <c>value-2</c>, … by its place.</remarks>
public sealed class TextFields : IPayloadDecoder
{
    public const string Name = "text";

    /// <summary>1 KiB: four times what a LoRa packet carries.</summary>
    public const int MostBytes = 1024;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        var before = values.Count;
        if (payload.Length > MostBytes)
        {
            return PayloadOutcome.Refused($"{payload.Length} bytes of text, and at most {MostBytes} are read");
        }

        string text;
        try
        {
            text = s_utf8.GetString(payload.TrimEnd((byte)0));
        }
        catch (DecoderFallbackException)
        {
            return PayloadOutcome.Refused("not text", "use decoder: hex, and look at the bytes");
        }

        if (text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c)))
        {
            return PayloadOutcome.Refused("control characters in the text", "use decoder: hex, and look at the bytes");
        }

        var rest = text.AsSpan();
        var place = 0;
        while (Next(ref rest) is { IsEmpty: false } pair)
        {
            place++;
            Add(pair, place, values, before);
        }

        return values.Count > before ? PayloadOutcome.Decoded : PayloadOutcome.Refused("no value in the text");
    }

    private static void Add(ReadOnlySpan<char> pair, int place, DecodedValues values, int before)
    {
        var equals = pair.IndexOf('=');
        equals = equals < 0 ? pair.IndexOf(':') : equals;
        var name = (equals > 0 ? FieldNames.Of(pair[..equals]) : null) ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"value-{place}");
        var text = (equals < 0 ? pair : pair[(equals + 1)..]).Trim();
        var field = FieldNames.Unique(values, before, name);
        if (text.IsEmpty)
        {
            values.AddBad(field, "no value");
        }
        else if (NumberText.Value(text) is { Kind: PointValueKind.Text } && NumberText.TryQuantity(text, out var number, out var unit))
        {
            values.Add(field, PointValue.Of(number), unit);
        }
        else
        {
            values.Add(field, NumberText.Value(text));
        }
    }

    private static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest)
    {
        const string separators = ",;&| \t\r\n";
        rest = rest.TrimStart(separators);
        var end = Length(rest, rest.IndexOfAny(separators));
        if (end < rest.Length && rest[end] == ' ' && end > 0 && rest[end - 1] is '=' or ':')
        {
            // "t: 21.5": a key alone takes the next word.
            var blank = end;
            end += rest[end..].Length - rest[end..].TrimStart(' ').Length;
            end = end < rest.Length && rest[end..].IndexOfAny(separators) == 0 ? blank : end + Length(rest[end..], rest[end..].IndexOfAny(separators));
        }

        var next = rest[..end];
        rest = rest[end..];
        return next;

        static int Length(ReadOnlySpan<char> text, int end) => end < 0 ? text.Length : end;
    }
}
