using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>The keys of a map, as its table names them.</summary>
/// <param name="Keys">In the order of the table.</param>
/// <param name="Alternatives">Further keys, one of these sets of them.</param>
public sealed record TableDescription(IReadOnlyList<KeyDescription> Keys, IReadOnlyList<AlternativeDescription> Alternatives)
{
    public static readonly TableDescription Empty = new([], []);

    public bool IsEmpty => Keys.Count == 0 && Alternatives.Count == 0;

    /// <summary>JSON Schema (2020-12) of the map.</summary>
    public JsonObject Schema()
    {
        var schema = Schema(Keys);
        schema["type"] = "object";
        if (Alternatives.Count == 0)
        {
            schema["additionalProperties"] = false;
            return schema;
        }

        var choices = new JsonArray();
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var alternative in Alternatives)
        {
            // Without a key that chooses, the same keys again say nothing new.
            if (alternative.Key is null && !told.Add(Schema(alternative.Table.Keys).ToJsonString()))
            {
                continue;
            }

            var choice = Schema(alternative.Table.Keys);
            choice["title"] = alternative.Name;
            if (alternative.Key is { } key)
            {
                choice["properties"]![key] = new JsonObject { ["const"] = alternative.Name };
            }

            choices.Add((JsonNode)choice);
        }

        schema["anyOf"] = choices;
        schema["unevaluatedProperties"] = false;
        return schema;
    }

    private static JsonObject Schema(IReadOnlyList<KeyDescription> keys)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var key in keys)
        {
            var value = key.Schema();
            value["description"] = key.Meaning + (string.IsNullOrEmpty(key.Default) ? "" : $" Default: {key.Default}.");
            properties[key.Name] = value;
            if (key.IsRequired)
            {
                required.Add((JsonNode)key.Name);
            }
        }

        var schema = new JsonObject { ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }
}

/// <summary>One key of a map.</summary>
/// <param name="Name">As written.</param>
/// <param name="Kind">What it holds, for people.</param>
/// <param name="IsRequired">Whether it must be there.</param>
/// <param name="Default">The default as one would write it, or in words; null or empty: none that fits on a line.</param>
/// <param name="Meaning">One sentence.</param>
/// <param name="Schema">Makes the JSON Schema of its value.</param>
/// <param name="Keys">Describes the keys of its map, or of each item of its list.</param>
public sealed record KeyDescription(
    string Name, string Kind, bool IsRequired, string? Default, string Meaning, Func<JsonObject> Schema, Func<TableDescription> Keys);

/// <param name="Name">What chooses it.</param>
/// <param name="Key">The key of the same map that chooses it, if it is there.</param>
/// <param name="Table">The keys that come with it.</param>
public sealed record AlternativeDescription(string Name, string? Key, TableDescription Table);
