using System.Text;
using System.Text.Json;
using Gateway.Mqtt;

namespace Gateway.Core;

/// <summary>What a command asks for: <c>{"id":"…","set":{"setpoint":21.5},"expires":ms}</c>, or the plain value of a <c>set</c> topic.</summary>
/// <param name="Id">The sender's id; null: it gave none.</param>
/// <param name="Set">Points and values, in the order of the document.</param>
/// <param name="Expires">Absolute end of its life, UTC; null: the default lifetime.</param>
public sealed record CommandDocument(string? Id, IReadOnlyList<KeyValuePair<string, PointValue>> Set, DateTimeOffset? Expires)
{
    /// <summary>Longest id, in UTF-8 bytes: it is kept for a day.</summary>
    public const int MaximumIdLength = 128;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 4 };

    /// <summary>Reads a document.</summary>
    /// <param name="payload">UTF-8 JSON.</param>
    /// <param name="document">What it asks for; its id also when the rest is wrong, so that the answer finds its question.</param>
    /// <param name="problem">What is wrong, for people.</param>
    public static bool TryParse(ReadOnlyMemory<byte> payload, out CommandDocument document, out string? problem)
    {
        document = new CommandDocument(null, [], null);
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(payload, s_options);
        }
        catch (JsonException e)
        {
            problem = $"not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
            return false;
        }

        using (json)
        {
            problem = json.RootElement.ValueKind == JsonValueKind.Object ? Read(json.RootElement, ref document) : "not a JSON object";
            return problem is null;
        }
    }

    /// <summary>Reads the payload of a <c>set</c> topic: a JSON number, string or boolean; anything else is text.</summary>
    public static CommandDocument Plain(string point, ReadOnlyMemory<byte> payload)
    {
        var text = Encoding.UTF8.GetString(payload.Span).Trim();
        return new CommandDocument(null, [new(point, ParsePlain(text))], null);
    }

    /// <summary>The id that Correlation Data stands for: its text if it is short and printable, else its hexadecimal form.</summary>
    public static string? IdOf(MqttMessage message)
    {
        if (message.Properties.CorrelationData is not { Length: > 0 } data)
        {
            return null;
        }

        var span = data.Span[..Math.Min(data.Length, MaximumIdLength)];
        return data.Length <= MaximumIdLength && !span.ContainsAnyExceptInRange((byte)0x21, (byte)0x7E)
            ? Encoding.ASCII.GetString(span)
            : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(data.Span));
    }

    private static string? Read(JsonElement root, ref CommandDocument document)
    {
        var set = new List<KeyValuePair<string, PointValue>>();
        string? problem = null;
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "id" when member.Value.ValueKind == JsonValueKind.String:
                    var id = member.Value.GetString()!;
                    if (id.Length is 0 || Encoding.UTF8.GetByteCount(id) > MaximumIdLength)
                    {
                        problem ??= $"id must have 1 to {MaximumIdLength} bytes";
                        break;
                    }

                    document = document with { Id = id };
                    break;
                case "expires" when member.Value.TryGetInt64(out var ms) && ms is > 0 and < 253_402_300_800_000:
                    document = document with { Expires = DateTimeOffset.FromUnixTimeMilliseconds(ms) };
                    break;
                case "set" when member.Value.ValueKind == JsonValueKind.Object:
                    problem ??= ReadSet(member.Value, set);
                    break;
                default:
                    problem ??= member.Name is "id" or "expires" or "set" ? $"{member.Name} has the wrong type" : $"unknown member {member.Name}";
                    break;
            }
        }

        document = document with { Set = set };
        return problem ?? (set.Count == 0 ? "nothing in set" : null);
    }

    private static string? ReadSet(JsonElement members, List<KeyValuePair<string, PointValue>> set)
    {
        foreach (var member in members.EnumerateObject())
        {
            if (set.Exists(s => s.Key == member.Name))
            {
                return $"{member.Name} stands twice in set";
            }

            var value = FromJson(member.Value);
            if (value.Kind == PointValueKind.None)
            {
                return $"{member.Name} must be a number, a boolean or a string";
            }

            set.Add(new(member.Name, value));
        }

        return null;
    }

    private static PointValue FromJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => PointValue.Of(true),
        JsonValueKind.False => PointValue.Of(false),
        JsonValueKind.Number when value.TryGetDecimal(out var exact) => PointValue.Of(exact),
        JsonValueKind.Number => PointValue.Of(value.GetDouble()),
        JsonValueKind.String => PointValue.Of(value.GetString()!),
        _ => PointValue.None,
    };

    private static PointValue ParsePlain(string text)
    {
        if (text is "true" or "false")
        {
            return PointValue.Of(text == "true");
        }

        const System.Globalization.NumberStyles Styles = System.Globalization.NumberStyles.Float;
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return decimal.TryParse(text, Styles, culture, out var exact) ? PointValue.Of(exact)
            : double.TryParse(text, Styles, culture, out var number) && double.IsFinite(number) ? PointValue.Of(number)
            : PointValue.Of(text.Length > 1 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text);
    }
}
