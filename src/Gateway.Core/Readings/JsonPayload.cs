using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Core;

/// <summary>Writes compact JSON by hand: a reading is written half a million times a second, and its shape never changes.</summary>
/// <remarks>Numbers take the shortest form that reads back: float32 as float32, scaled integers as decimals.</remarks>
public sealed class JsonPayload
{
    [ThreadStatic]
    private static JsonPayload? s_instance;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    private bool _comma;

    private JsonPayload()
    {
    }

    /// <summary>The thread's writer with an open object.</summary>
    public static JsonPayload Open()
    {
        var json = s_instance ??= new JsonPayload();
        json._bytes.ResetWrittenCount();
        json._comma = false;
        return json.Raw("{"u8);
    }

    /// <summary>Closes the object and copies it.</summary>
    public byte[] Close()
    {
        Raw("}"u8);
        return _bytes.WrittenSpan.ToArray();
    }

    public JsonPayload OpenObject(string name)
    {
        Key(name);
        _comma = false;
        return Raw("{"u8);
    }

    public JsonPayload CloseObject()
    {
        _comma = true;
        return Raw("}"u8);
    }

    /// <summary>A member that was written before, with its leading comma.</summary>
    public JsonPayload Member(ReadOnlySpan<byte> prepared)
    {
        if (!_comma && !prepared.IsEmpty)
        {
            prepared = prepared[1..];
        }

        _comma |= !prepared.IsEmpty;
        return Raw(prepared);
    }

    public JsonPayload Member(string name, string? value) => value is null ? this : Key(name).Text(value);

    public JsonPayload Member(string name, long value) => Key(name).Number(value);

    public JsonPayload Member(string name, ulong value) => Key(name).Number(value);

    public JsonPayload Member(string name, in PointValue value) => Key(name).Value(value);

    /// <summary><c>,"name":"text"</c>, to be written many times by <see cref="Member(ReadOnlySpan{byte})"/>.</summary>
    public static byte[] Prepare(string name, string text) =>
        Encoding.UTF8.GetBytes($",\"{Escape(name)}\":\"{Escape(text)}\"");

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private JsonPayload Key(string name)
    {
        Raw(_comma ? ",\""u8 : "\""u8);
        _comma = true;
        Encoding.UTF8.GetBytes(name, _bytes);
        return Raw("\":"u8);
    }

    private JsonPayload Text(string value)
    {
        Raw("\""u8);
        Raw(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        return Raw("\""u8);
    }

    private JsonPayload Value(in PointValue value) => value.Kind switch
    {
        PointValueKind.Boolean => Raw(value.Boolean ? "true"u8 : "false"u8),
        PointValueKind.Exact => Number(Normalize(value.Exact)),
        PointValueKind.Single when float.IsFinite(value.Single) => Number(value.Single),
        PointValueKind.Double when double.IsFinite(value.Double) => Number(value.Double),
        PointValueKind.Text => Text(value.Text!),
        _ => Raw("null"u8),
    };

    /// <summary>231.40 is 231.4: dividing by one with all its zeros drops those of the value.</summary>
    private static decimal Normalize(decimal value) => value.Scale == 0 ? value : value / 1.0000000000000000000000000000m;

    private JsonPayload Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(_bytes.GetSpan(64), out var written, default, CultureInfo.InvariantCulture);
        _bytes.Advance(written);
        return this;
    }

    private JsonPayload Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
