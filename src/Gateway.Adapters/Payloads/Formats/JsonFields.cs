using System.Text.Json;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>A JSON payload: <c>{"t":21.5,"bat":{"v":3.3}}</c> → <c>t</c>, <c>bat-v</c>. Items of arrays count from 1.</summary>
/// <remarks>Bounded in bytes and depth; of a text that ends too early, all that was complete counts.</remarks>
public sealed class JsonFields : IPayloadDecoder
{
    public const string Name = "json";

    /// <summary>4 KiB: sixteen times what a LoRa packet carries.</summary>
    public const int MostBytes = 4096;

    /// <summary>Objects and arrays in one another.</summary>
    public const int Deepest = 8;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = Deepest, AllowTrailingCommas = true };

    public PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        var before = values.Count;
        if (payload.Length > MostBytes)
        {
            return PayloadOutcome.Refused($"{payload.Length} bytes of JSON, and at most {MostBytes} are read");
        }

        try
        {
            var reader = new Utf8JsonReader(payload, s_options);
            var path = new Path();
            while (reader.Read())
            {
                Take(ref reader, path, values, before);
            }

            return values.Count > before ? PayloadOutcome.Decoded : PayloadOutcome.Refused("JSON without a value");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a surrogate pair.
            return PayloadOutcome.UpTo(values, before, $"not well-formed JSON{((e as JsonException)?.BytePositionInLine is { } at ? $" at byte {at}" : "")}", "check that the device sends JSON, and that the radio does not cut it");
        }
    }

    private static void Take(ref Utf8JsonReader reader, Path path, DecodedValues values, int before)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                path.Key(reader.GetString()!);
                return;
            case JsonTokenType.StartObject:
                path.Enter(isArray: false);
                return;
            case JsonTokenType.StartArray:
                path.Enter(isArray: true);
                return;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Leave();
                return;
        }

        var field = FieldNames.Unique(values, before, FieldNames.Of(path.Field()) ?? "value");
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetDecimal(out var number):
                values.Add(field, PointValue.Of(number));
                break;
            case JsonTokenType.Number:
                values.AddBad(field, "a number beyond what can be kept exactly");
                break;
            case JsonTokenType.True or JsonTokenType.False:
                values.Add(field, PointValue.Of(reader.TokenType == JsonTokenType.True));
                break;
            case JsonTokenType.String:
                values.Add(field, NumberText.Text(reader.GetString()));
                break;
            default:
                values.AddBad(field, "null");
                break;
        }
    }

    /// <summary>Where in the text we are.</summary>
    private sealed class Path
    {
        private readonly List<(bool IsArray, int Next, string Key)> _levels = new(Deepest);

        public void Key(string key) => _levels[^1] = _levels[^1] with { Key = key };

        public void Enter(bool isArray)
        {
            Count();
            _levels.Add((isArray, 0, ""));
        }

        public void Leave() => _levels.RemoveAt(_levels.Count - 1);

        public string Field()
        {
            Count();
            return string.Join('-', _levels.Select(l => l.IsArray ? l.Next.ToString(System.Globalization.CultureInfo.InvariantCulture) : l.Key));
        }

        private void Count()
        {
            if (_levels.Count > 0 && _levels[^1].IsArray)
            {
                _levels[^1] = _levels[^1] with { Next = _levels[^1].Next + 1 };
            }
        }
    }
}
