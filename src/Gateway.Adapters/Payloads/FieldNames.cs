using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>Names of fields: valid ids, each once in a payload.</summary>
internal static class FieldNames
{
    /// <summary>An id that is as near as can be to a name that a stranger chose: <c>Temp_C</c> → <c>temp-c</c>.</summary>
    /// <returns>null: nothing of it can be part of an id.</returns>
    public static string? Of(ReadOnlySpan<char> name)
    {
        Span<char> id = stackalloc char[IdKind.Longest];
        var length = 0;
        foreach (var c in name)
        {
            var lower = char.ToLowerInvariant(c);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower))
            {
                id[length++] = lower;
            }
            else if (length > 0 && id[length - 1] != '-')
            {
                id[length++] = '-';
            }

            if (length == id.Length)
            {
                break;
            }
        }

        var trimmed = id[..length].TrimEnd('-');
        return trimmed.IsEmpty ? null : trimmed.ToString();
    }

    /// <summary>The name itself, or with the number of its occurrence behind it: a payload that says a thing twice says two values.</summary>
    /// <param name="values">Where it shall go.</param>
    /// <param name="from">First value of this payload in it.</param>
    /// <param name="name">A valid id.</param>
    public static string Unique(DecodedValues values, int from, string name)
    {
        if (!Has(values, from, name))
        {
            return name;
        }

        for (var n = 2; ; n++)
        {
            var suffix = $"-{n}";
            var next = (name.Length + suffix.Length > IdKind.Longest ? name[..(IdKind.Longest - suffix.Length)].TrimEnd('-') : name) + suffix;
            if (!Has(values, from, next))
            {
                return next;
            }
        }
    }

    private static bool Has(DecodedValues values, int from, string name)
    {
        for (var i = from; i < values.Count; i++)
        {
            if (values[i].Field == name)
            {
                return true;
            }
        }

        return false;
    }
}
