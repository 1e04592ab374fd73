using System.Text.Json;

namespace Gateway.Core;

/// <summary>What a reading, or a summary of readings, adds to a summary.</summary>
/// <param name="Window">Milliseconds of the window of a summary; 0: a single reading.</param>
/// <param name="From">When the first reading was taken, in milliseconds since the epoch.</param>
/// <param name="To">The last one.</param>
/// <param name="Count">Readings, all qualities.</param>
/// <param name="Numbers">Those that have a number.</param>
/// <param name="Min">The least number; null: none has one.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Sum">Of the numbers.</param>
public readonly record struct SummaryPart(long Window, long From, long To, long Count, long Numbers, ExactNumber? Min, ExactNumber? Max, ExactSum Sum)
{
    /// <summary>The <c>boot</c> in which it was taken while the clock could not be trusted: such times mean nothing beside others. null: it could.</summary>
    public long? Unsynced { get; init; }

    /// <summary>10^12, one each millisecond for thirty years: more is a mistake, and added up would be more than a number holds.</summary>
    private const long MostReadings = 1_000_000_000_000;

    /// <summary>What every one of ours has in it; parsing what has not costs an exception each time.</summary>
    private static ReadOnlySpan<byte> Schema => "\"reading"u8;

    /// <summary>Reads the payload of schema <c>reading.v1</c> or <c>reading-summary.v1</c>; null: it is neither.</summary>
    public static SummaryPart? Read(ReadOnlySpan<byte> payload)
    {
        if (payload is not [(byte)'{', ..] || payload.IndexOf(Schema) < 0)
        {
            return null;
        }

        try
        {
            return TryRead(payload);
        }
        catch (JsonException)
        {
            // No JSON: the payload of somebody else.
            return null;
        }
    }

    private static SummaryPart? TryRead(ReadOnlySpan<byte> payload)
    {
        var json = new Utf8JsonReader(payload);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var (isReading, isSummary, isBad, isUnsynced) = (false, false, false, false);
        long? ts = null, boot = null, from = null, count = null, numbers = null, window = null;
        ExactNumber? value = null, min = null, max = null, mean = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("schema"u8))
            {
                json.Read();
                if (json.TokenType == JsonTokenType.String)
                {
                    (isReading, isSummary) = (json.ValueTextEquals("reading.v1"u8), json.ValueTextEquals("reading-summary.v1"u8));
                }
            }
            else if (json.ValueTextEquals("q"u8))
            {
                json.Read();
                isBad = json.TokenType == JsonTokenType.String && json.ValueTextEquals("bad"u8);
            }
            else if (json.ValueTextEquals("clock"u8))
            {
                json.Read();
                isUnsynced = json.TokenType == JsonTokenType.String && json.ValueTextEquals("unsynced"u8);
            }
            else if (json.ValueTextEquals("boot"u8))
            {
                boot = Whole(ref json);
            }
            else if (json.ValueTextEquals("v"u8))
            {
                value = Number(ref json);
            }
            else if (json.ValueTextEquals("ts"u8))
            {
                ts = Whole(ref json);
            }
            else if (json.ValueTextEquals("from"u8))
            {
                from = Whole(ref json);
            }
            else if (json.ValueTextEquals("count"u8))
            {
                count = Whole(ref json);
            }
            else if (json.ValueTextEquals("numbers"u8))
            {
                numbers = Whole(ref json);
            }
            else if (json.ValueTextEquals("window"u8))
            {
                window = Whole(ref json);
            }
            else if (json.ValueTextEquals("min"u8))
            {
                min = Number(ref json);
            }
            else if (json.ValueTextEquals("max"u8))
            {
                max = Number(ref json);
            }
            else if (json.ValueTextEquals("mean"u8))
            {
                mean = Number(ref json);
            }
            else
            {
                json.Read();
            }

            json.Skip();
        }

        if (json.TokenType != JsonTokenType.EndObject || json.Read() || ts is not { } to)
        {
            return null;
        }

        long? unsynced = isUnsynced ? boot ?? 0 : null;
        if (isReading)
        {
            value = isBad ? null : value;
            return new SummaryPart(0, to, to, 1, value is null ? 0 : 1, value, value, value is { } number ? ExactSum.Of(number, 1) : ExactSum.None) { Unsynced = unsynced };
        }

        // One that does not make sense is not ours: it stays as it is.
        if (!isSummary || from is not { } first || first > to || count is not (> 0 and <= MostReadings) || window is not > 0)
        {
            return null;
        }

        var having = numbers ?? count.Value;
        return (min is null) != (max is null) || (min is null) != (mean is null) || (min is null) != (having == 0) || having < 0 || having > count
            ? null
            : new SummaryPart(window.Value, first, to, count.Value, having, min, max, mean is { } average ? ExactSum.Of(average, having) : ExactSum.None) { Unsynced = unsynced };
    }

    private static ExactNumber? Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number ? ExactNumber.Parse(json.ValueSpan) : null;
    }

    private static long? Whole(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) ? value : null;
    }
}
