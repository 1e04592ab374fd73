using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gateway.Core;

/// <summary>A JSON number that keeps its text: what is the least or the greatest of many is written as it came.</summary>
/// <param name="Text">As it stood in the payload.</param>
/// <param name="Exact">Its value, if a decimal holds it.</param>
/// <param name="Value">Its value.</param>
public readonly record struct ExactNumber(string Text, decimal? Exact, double Value) : IComparable<ExactNumber>
{
    /// <summary>null: it is none, or none that is finite.</summary>
    public static ExactNumber? Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8Parser.TryParse(json, out double value, out var consumed) || consumed != json.Length || !double.IsFinite(value))
        {
            return null;
        }

        // A decimal makes zero of what is too small for it.
        var text = Encoding.ASCII.GetString(json);
        var isExact = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && (double)exact == value;
        return new ExactNumber(text, isExact ? exact : null, value);
    }

    public int CompareTo(ExactNumber other) => Exact is { } mine && other.Exact is { } its ? mine.CompareTo(its) : Value.CompareTo(other.Value);
}
