namespace Gateway.Broker;

/// <summary>A client's identifier as logs may show it: the client chooses it, up to 64 KiB of anything, line breaks included.</summary>
internal static class LogName
{
    /// <summary>Characters; real identifiers are shorter.</summary>
    private const int Longest = 64;

    /// <returns>The identifier itself, or a short version without control characters.</returns>
    public static string Of(string clientId)
    {
        if (clientId.Length <= Longest && !clientId.Any(char.IsControl))
        {
            return clientId;
        }

        var start = clientId.AsSpan(0, Math.Min(clientId.Length, Longest)).ToArray();
        for (var i = 0; i < start.Length; i++)
        {
            start[i] = char.IsControl(start[i]) ? '?' : start[i];
        }

        return clientId.Length > Longest ? $"{new string(start)}… ({clientId.Length} characters)" : new string(start);
    }
}
