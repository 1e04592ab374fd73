using System.Globalization;

namespace Gateway.Tests;

/// <summary>The size of a proof: small with the other tests, larger with <c>scripts/prove</c>.</summary>
internal static class ProofSetting
{
    /// <summary>The number in this environment variable, or another one.</summary>
    public static int Of(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>What random choices begin with; printed, so that a run can be repeated.</summary>
    public static int Seed(ITestOutputHelper output)
    {
        var seed = Of("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());
        output.WriteLine($"EDGE_GATEWAY_TEST_SEED={seed}");
        return seed;
    }
}
