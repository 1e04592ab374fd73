namespace Gateway.Configuration;

/// <summary>The name that somebody probably meant.</summary>
public static class NearestKey
{
    /// <summary>Longer words are not compared: nobody mistypes them, and the work grows with the square.</summary>
    private const int LongestWord = 64;

    /// <summary>The known name that is nearest to what was written, or null if none is near.</summary>
    public static string? Of(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestWord)
        {
            return null;
        }

        var kebab = Kebab(written);
        string? best = null;
        var least = 1 + Math.Max(1, kebab.Length / 3);
        foreach (var name in known.Order(StringComparer.Ordinal))
        {
            var distance = Distance(kebab, name);
            if (distance < least)
            {
                (best, least) = (name, distance);
            }
        }

        return best;
    }

    /// <summary>unitId, unit_id and Unit-Id all mean unit-id.</summary>
    private static string Kebab(string written)
    {
        var text = new System.Text.StringBuilder(written.Length + 4);
        for (var i = 0; i < written.Length; i++)
        {
            var c = written[i];
            if (char.IsAsciiLetterUpper(c) && i > 0 && char.IsAsciiLetterLower(written[i - 1]))
            {
                text.Append('-');
            }

            text.Append(c is '_' or ' ' or '.' ? '-' : char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    /// <summary>Insertions, deletions, replacements and swapped neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = table[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                var least = Math.Min(replace, 1 + Math.Min(table[i - 1, j], table[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    least = Math.Min(least, table[i - 2, j - 2] + 1);
                }

                table[i, j] = least;
            }
        }

        return table[a.Length, b.Length];
    }
}
