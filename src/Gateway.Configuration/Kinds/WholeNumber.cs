using System.Globalization;

namespace Gateway.Configuration;

/// <summary>Whole numbers where people write bits and addresses: in decimal, or as 0x and hexadecimal digits.</summary>
public static class WholeNumber
{
    private const string Hex = "0x";

    public static bool IsHex(string text) => text.StartsWith(Hex, StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string text, out ulong value) => IsHex(text)
        ? ulong.TryParse(text.AsSpan(Hex.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
