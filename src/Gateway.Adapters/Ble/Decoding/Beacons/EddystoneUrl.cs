using System.Text;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The short form of URLs in Eddystone: one byte for the scheme, one for each common ending, the rest as ASCII.</summary>
internal static class EddystoneUrl
{
    private static readonly string[] s_schemes = ["http://www.", "https://www.", "http://", "https://"];

    private static readonly string[] s_endings =
        [".com/", ".org/", ".edu/", ".net/", ".info/", ".biz/", ".gov/", ".com", ".org", ".edu", ".net", ".info", ".biz", ".gov"];

    /// <param name="data">Scheme and what follows.</param>
    /// <returns>null: it is none.</returns>
    public static string? Expand(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0 || data[0] >= s_schemes.Length)
        {
            return null;
        }

        var url = new StringBuilder(s_schemes[data[0]], 64);
        foreach (var b in data[1..])
        {
            if (b < s_endings.Length)
            {
                url.Append(s_endings[b]);
            }
            else if (b is > 0x20 and < 0x7F)
            {
                url.Append((char)b);
            }
            else
            {
                return null;
            }
        }

        return url.ToString();
    }
}
