namespace Gateway.Mqtt;

/// <summary>What a subscription asks for: a topic whose levels may be wildcards (MQTT 5.0 §4.7.1).</summary>
public static class TopicFilter
{
    /// <summary>First level of a shared subscription's filter (§4.8.2).</summary>
    private const string SharePrefix = "$share/";

    /// <summary>1..65535 bytes; <c>+</c> and <c>#</c> fill a whole level, <c>#</c> the last one; no U+0000.</summary>
    public static bool IsValid(ReadOnlySpan<char> filter)
    {
        if (filter.IsEmpty || filter.Contains('\0') || !TopicName.FitsOnWire(filter))
        {
            return false;
        }

        var levels = new TopicLevels(filter);
        while (!levels.IsEnd)
        {
            var level = levels.Next();
            if (level.Length > 1 && level.IndexOfAny('+', '#') >= 0)
            {
                return false;
            }

            if (level is "#" && !levels.IsEnd)
            {
                return false;
            }
        }

        return true;
    }

    public static bool HasWildcard(ReadOnlySpan<char> filter) => filter.IndexOfAny('+', '#') >= 0;

    /// <summary>Whether it is a shared subscription (§4.8.2).</summary>
    public static bool IsShared(ReadOnlySpan<char> filter) => filter.StartsWith(SharePrefix, StringComparison.Ordinal);

    /// <summary>Whether the topic is matched (§4.7.1, §4.7.2). Both must be valid.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        if (TopicName.IsReserved(topic) && filter[0] is '+' or '#')
        {
            return false;
        }

        var wanted = new TopicLevels(filter);
        var levels = new TopicLevels(topic);
        while (true)
        {
            var level = wanted.Next();
            if (level is "#")
            {
                return true;
            }

            var actual = levels.Next();
            if (level is not "+" && !level.SequenceEqual(actual))
            {
                return false;
            }

            if (levels.IsEnd)
            {
                // "a/#" matches its parent "a" (§4.7.1.2).
                return wanted.IsEnd || wanted.Next() is "#";
            }

            if (wanted.IsEnd)
            {
                return false;
            }
        }
    }

    /// <summary>Whether some topic is matched by both. Both must be valid.</summary>
    public static bool Overlaps(ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        if ((TopicName.IsReserved(first) && second[0] is '+' or '#') || (TopicName.IsReserved(second) && first[0] is '+' or '#'))
        {
            return false;
        }

        var a = new TopicLevels(first);
        var b = new TopicLevels(second);
        while (true)
        {
            var x = a.Next();
            var y = b.Next();
            if (x is "#" || y is "#")
            {
                return true;
            }

            if (x is not "+" && y is not "+" && !x.SequenceEqual(y))
            {
                return false;
            }

            if (a.IsEnd || b.IsEnd)
            {
                return (a.IsEnd || a.Next() is "#") && (b.IsEnd || b.Next() is "#");
            }
        }
    }

    /// <summary>The filter of the topics that both match; null: none. Exact, because each level is either a name or a wildcard. Both must be valid.</summary>
    public static string? Intersect(string first, string second)
    {
        if (!Overlaps(first, second))
        {
            return null;
        }

        var a = first.Split('/');
        var b = second.Split('/');
        var i = 0;
        for (; i < a.Length && i < b.Length && a[i] != "#" && b[i] != "#"; i++)
        {
            a[i] = a[i] == "+" ? b[i] : a[i];
        }

        // Both end here, or one of them takes all that follows: the other's rest is narrower. "a/#" against "a" leaves "a".
        var rest = i < a.Length && i < b.Length ? (a[i] == "#" ? b : a).Skip(i) : [];
        return string.Join('/', a.Take(i).Concat(rest));
    }

    /// <summary>Whether the first filter matches every topic that the second one matches. Both must be valid.</summary>
    public static bool Covers(string first, string second) => Intersect(first, second) == second;
}
