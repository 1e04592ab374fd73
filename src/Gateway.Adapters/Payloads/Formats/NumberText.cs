using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>What a text says: a number as exact as it was written, true or false, or itself.</summary>
internal static class NumberText
{
    /// <summary>Longer texts are cut: a payload has no novel to tell.</summary>
    public const int LongestText = 256;

    // ulong.MaxValue has 20 digits; a decimal holds 28.
    private const int LongestNumber = 40;

    public static PointValue Value(ReadOnlySpan<char> text) => TryNumber(text, out var number) ? PointValue.Of(number)
        : text.Equals("true", StringComparison.OrdinalIgnoreCase) ? PointValue.Of(true)
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? PointValue.Of(false)
        : Text(text);

    /// <summary>A number with what may stand behind it: <c>21.5C</c>, <c>3.30 V</c>.</summary>
    public static bool TryQuantity(ReadOnlySpan<char> text, out decimal number, out string unit)
    {
        // What follows the number is its unit; an e may belong to either: the longer number wins.
        for (var length = Math.Min(text.Length, LongestNumber); length > 0; length--)
        {
            if (char.IsAsciiDigit(text[length - 1]) && TryNumber(text[..length], out number))
            {
                var rest = text[length..].Trim();
                unit = rest.ToString();
                return rest.Length is > 0 and <= 8 && !char.IsAsciiDigit(rest[0]) && rest[0] is not ('.' or ':' or '-' or '/' or 'x' or 'X');
            }
        }

        (number, unit) = (0, "");
        return false;
    }

    public static PointValue Text(ReadOnlySpan<char> text)
    {
        var cut = text.Length <= LongestText ? text : text[..(LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))];
        return PointValue.Of(cut.ToString());
    }

    public static bool TryNumber(ReadOnlySpan<char> text, out decimal number)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        number = 0;
        return text.Length is > 0 and <= LongestNumber && decimal.TryParse(text, style, CultureInfo.InvariantCulture, out number);
    }
}
