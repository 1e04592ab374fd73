using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Core;

namespace Gateway.Values;

/// <summary>A point and what was read of it last.</summary>
internal sealed record PointLine
{
    public required string Device { get; init; }

    public required string Point { get; init; }

    /// <summary><see cref="PointValue.None"/>: bad, or never read.</summary>
    [JsonConverter(typeof(PointValueConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public PointValue Value { get; init; }

    /// <summary>The word for the value; null: it has none.</summary>
    public string? Label { get; init; }

    /// <summary>Of the value, for people.</summary>
    public string? Unit { get; init; }

    /// <summary>good, uncertain, bad; null: never read.</summary>
    public string? Quality { get; init; }

    /// <summary>Why it is not good, or why it was never read.</summary>
    public string? Error { get; init; }

    /// <summary>When it was read, UTC, by this machine's wall clock; null: never.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Milliseconds since then, whatever the wall clock did.</summary>
    public long? AgeMs { get; init; }

    /// <summary>Its device is not in the configuration, and was let in by this pattern of its link; null: it is.</summary>
    public string? FoundBy { get; init; }

    /// <summary>The point has left the configuration.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Gone { get; init; }
}

/// <summary>Numbers as the payloads have them: in the shortest form that reads back.</summary>
internal sealed class PointValueConverter : JsonConverter<PointValue>
{
    public override PointValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True or JsonTokenType.False => PointValue.Of(reader.GetBoolean()),
        JsonTokenType.String => PointValue.Of(reader.GetString()!),

        // Beyond 28 digits a decimal rounds.
        JsonTokenType.Number => reader.ValueSpan.Length <= 28 && reader.TryGetDecimal(out var exact) ? PointValue.Of(exact) : PointValue.Of(reader.GetDouble()),
        _ => PointValue.None,
    };

    public override void Write(Utf8JsonWriter writer, PointValue value, JsonSerializerOptions options)
    {
        switch (value.Kind)
        {
            case PointValueKind.Boolean:
                writer.WriteBooleanValue(value.Boolean);
                break;
            case PointValueKind.Text:
                writer.WriteStringValue(value.Text);
                break;
            case PointValueKind.Exact:
                writer.WriteRawValue(value.ToString());
                break;
            case PointValueKind.Single when float.IsFinite(value.Single):
                writer.WriteNumberValue(value.Single);
                break;
            case PointValueKind.Double when double.IsFinite(value.Double):
                writer.WriteNumberValue(value.Double);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(PointLine))]
[JsonSerializable(typeof(IReadOnlyList<PointLine>))]
internal sealed partial class ValuesJson : JsonSerializerContext
{
    /// <summary>On the way, and for programs: one document a line. Nothing becomes part of a web page: units stay readable.</summary>
    public static ValuesJson Lines { get; } = new(Style(indented: false));

    /// <summary>A whole answer, for programs that people read along.</summary>
    public static ValuesJson Readable { get; } = new(Style(indented: true));

    private static JsonSerializerOptions Style(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    };
}
