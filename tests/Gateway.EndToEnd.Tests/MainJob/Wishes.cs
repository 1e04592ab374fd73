using System.Globalization;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>What a longer run may ask for through the environment.</summary>
internal static class Wishes
{
    /// <summary>How long upstream is away; the requirement says 30.</summary>
    public static TimeSpan Outage => TimeSpan.FromSeconds(Number("EDGE_GATEWAY_TEST_OUTAGE_SECONDS", 10));

    /// <summary>How often the gateway is killed; the requirement says 20.</summary>
    public static int Kills => Number("EDGE_GATEWAY_TEST_KILLS", 5);

    public static int Seed => Number("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
