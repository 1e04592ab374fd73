using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Core;

/// <summary>Readings of one point in one window, summed up (schema <c>reading-summary.v1</c>): the last one as it came, with the least, the greatest and the mean of all.</summary>
/// <remarks>
/// Who knows readings only takes it for one: <c>v</c>, <c>ts</c>, <c>unit</c>, <c>q</c> and the rest are those of the last. <c>count</c> readings from <c>from</c> to <c>ts</c>;
/// <c>numbers</c> of them have a number, if not all. <c>window</c> in milliseconds.
/// </remarks>
public sealed class ReadingSummary
{
    private SummaryPart _part;
    private int _merged;

    public ReadingSummary(in SummaryPart part, ReadOnlyMemory<byte> payload) => (_part, Last, _merged) = (part, payload, 1);

    /// <summary>When its first reading was taken, in milliseconds since the epoch.</summary>
    public long From => _part.From;

    /// <summary>Payload of the last reading, or of the summary that has it.</summary>
    public ReadOnlyMemory<byte> Last { get; private set; }

    /// <summary>Whether it is what came, and nothing else.</summary>
    public bool IsSingle => _merged == 1;

    /// <returns>Whether the last reading is now of the other.</returns>
    public bool Add(ReadingSummary other)
    {
        _merged += other._merged - 1;
        return Add(other._part, other.Last);
    }

    /// <returns>Whether it is the last reading from now on.</returns>
    public bool Add(in SummaryPart part, ReadOnlyMemory<byte> payload)
    {
        var isLast = part.To >= _part.To;
        _part = new SummaryPart(
            0,
            Math.Min(_part.From, part.From),
            Math.Max(_part.To, part.To),
            _part.Count + part.Count,
            _part.Numbers + part.Numbers,
            Least(_part.Min, part.Min, 1),
            Least(_part.Max, part.Max, -1),
            _part.Sum.Plus(part.Sum));
        Last = isLast ? payload : Last;
        _merged++;
        return isLast;
    }

    /// <summary>The payload.</summary>
    /// <param name="level">Of its window.</param>
    public byte[] Write(int level)
    {
        var json = new ArrayBufferWriter<byte>(Last.Length + 160);
        json.Write("{"u8);
        CopyLast(json);
        if (_part is { Min: { } min, Max: { } max })
        {
            Member(json, "min", min.Text);
            Member(json, "max", max.Text);
            Member(json, "mean", _part.Sum.Mean(_part.Numbers));
        }

        Member(json, "count", _part.Count);
        if (_part.Numbers != _part.Count)
        {
            Member(json, "numbers", _part.Numbers);
        }

        Member(json, "from", _part.From);
        Member(json, "window", SummaryWindow.Length(level));
        Member(json, "schema", "\"reading-summary.v1\"");
        json.Write("}"u8);
        return json.WrittenSpan.ToArray();
    }

    private static ExactNumber? Least(ExactNumber? one, ExactNumber? other, int sign) =>
        one is not { } a ? other : other is not { } b ? one : a.CompareTo(b) * sign <= 0 ? one : other;

    private static void Member(ArrayBufferWriter<byte> json, string name, object value)
    {
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(json.WrittenCount > 1 ? "," : "")}\"{name}\":{value}"), json);
    }

    /// <summary>The members of the last reading, but those of which a summary has its own.</summary>
    private void CopyLast(ArrayBufferWriter<byte> json)
    {
        var span = Last.Span;
        var reader = new Utf8JsonReader(span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var isOwn = reader.ValueTextEquals("min"u8) || reader.ValueTextEquals("max"u8) || reader.ValueTextEquals("mean"u8) || reader.ValueTextEquals("count"u8)
                || reader.ValueTextEquals("numbers"u8) || reader.ValueTextEquals("from"u8) || reader.ValueTextEquals("window"u8) || reader.ValueTextEquals("schema"u8);
            reader.Read();
            reader.Skip();
            if (!isOwn)
            {
                json.Write(json.WrittenCount > 1 ? ","u8 : default);
                json.Write(span[start..(int)reader.BytesConsumed]);
            }
        }
    }
}
