namespace Gateway.Tests;

/// <summary>One row per proof for the table that <c>scripts/prove</c> prints; nothing unless EDGE_GATEWAY_TEST_SUMMARY names a file.</summary>
internal static class ProofSummary
{
    /// <param name="what">What was done to it.</param>
    /// <param name="size">How often, or how long.</param>
    /// <param name="acknowledged">Messages that the publisher saw acknowledged.</param>
    /// <param name="missing">Of these, how many did not arrive.</param>
    /// <param name="duplicates">Identities that arrived again, as the same message.</param>
    /// <param name="rate">Acknowledged messages a second while it was up, or empty.</param>
    /// <param name="seed">EDGE_GATEWAY_TEST_SEED, or empty.</param>
    public static void Add(string what, string size, string acknowledged, string missing, string duplicates, string rate, string seed)
    {
        if (Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_SUMMARY") is { Length: > 0 } path)
        {
            File.AppendAllText(path, string.Join('|', what, size, acknowledged, missing, duplicates, rate, seed) + '\n');
        }
    }
}
