namespace Gateway;

/// <summary>Questions about filters that are asked once, at the start (MQTT 5.0 §4.7).</summary>
public static class TopicFilters
{
    /// <summary>Whether a topic exists that both match. A topic without wildcards is a filter too.</summary>
    public static bool Overlap(string first, string second)
    {
        var a = first.Split('/');
        var b = second.Split('/');
        for (var i = 0; ; i++)
        {
            // "a/#" matches "a" as well (§4.7.1.2).
            if ((i < a.Length && a[i] == "#") || (i < b.Length && b[i] == "#"))
            {
                return true;
            }

            if (i == a.Length || i == b.Length)
            {
                return a.Length == b.Length;
            }

            if (a[i] != b[i] && a[i] != "+" && b[i] != "+")
            {
                return false;
            }
        }
    }
}
