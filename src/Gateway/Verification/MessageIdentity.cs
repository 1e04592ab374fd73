using System.Globalization;

namespace Gateway.Verification;

/// <summary>What the user property <c>gw</c> says: <c>id;bridge.lane;epoch;seq[;previous-epoch]</c>, epochs in hexadecimal digits.</summary>
/// <param name="Gateway">Id of the gateway that sent it on this hop.</param>
/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="Epoch">When the numbers began anew, this did too.</param>
/// <param name="Seq">1, 2, 3, … in its epoch.</param>
/// <param name="PreviousEpoch">What was before; with number 1 only.</param>
internal readonly record struct MessageIdentity(string Gateway, string Stream, ulong Epoch, ulong Seq, ulong? PreviousEpoch)
{
    /// <summary>At a million messages a second a gateway counts so far in 292,000 years; what is above is nonsense, and all arithmetic is safe below.</summary>
    public const ulong HighestSeq = long.MaxValue;

    /// <summary>Four parts, or five.</summary>
    private const int MostParts = 5;

    /// <summary>More than ids and names of streams can have (63, and twice that with a dot).</summary>
    private const int LongestName = 128;

    private const int EpochDigits = 16;

    public static bool TryParse(ReadOnlySpan<char> text, out MessageIdentity identity)
    {
        identity = default;
        Span<Range> parts = stackalloc Range[MostParts + 1];
        var count = text.Split(parts, ';');
        ulong? previous = null;
        if (count is < MostParts - 1 or > MostParts || !IsName(text[parts[0]]) || !IsName(text[parts[1]]) || !TryEpoch(text[parts[2]], out var epoch)
            || !ulong.TryParse(text[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out var seq) || seq is 0 or > HighestSeq)
        {
            return false;
        }

        if (count == MostParts)
        {
            if (!TryEpoch(text[parts[4]], out var before))
            {
                return false;
            }

            previous = before;
        }

        identity = new MessageIdentity(text[parts[0]].ToString(), text[parts[1]].ToString(), epoch, seq, previous);
        return true;
    }

    public static bool TryEpoch(ReadOnlySpan<char> text, out ulong epoch)
    {
        epoch = 0;
        return text.Length <= EpochDigits && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out epoch);
    }

    /// <summary>Whether it can be the id of a gateway or the name of a stream; it may stand in a terminal then.</summary>
    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestName)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>One sequence of numbers that is followed.</summary>
/// <param name="Gateway">Id of the gateway that counts.</param>
/// <param name="Stream"><c>bridge.lane</c>.</param>
/// <param name="Epoch">The epoch of the numbers.</param>
/// <param name="IsOrigin">Counted by a gateway further away and forwarded by another (<c>gw-origin</c>).</param>
internal readonly record struct StreamKey(string Gateway, string Stream, ulong Epoch, bool IsOrigin) : IComparable<StreamKey>
{
    public int CompareTo(StreamKey other)
    {
        var order = string.CompareOrdinal(Gateway, other.Gateway);
        order = order != 0 ? order : string.CompareOrdinal(Stream, other.Stream);
        order = order != 0 ? order : Epoch.CompareTo(other.Epoch);
        return order != 0 ? order : IsOrigin.CompareTo(other.IsOrigin);
    }
}
