using System.Globalization;

namespace Gateway.EndToEnd.Tests.MainJob;

/// <summary>What a longer run may ask for through the environment.</summary>
internal static class Wishes
{
    /// <summary>How long upstream is away; the requirement says 30.</summary>
    public static TimeSpan Outage => TimeSpan.FromSeconds(Number("EDGE_GATEWAY_TEST_OUTAGE_SECONDS", 10));

    /// <summary>How often the gateway is killed while it polls; the requirement says 20.</summary>
    public static int PollingKills => Number("EDGE_GATEWAY_TEST_POLLING_KILLS", 4);

    /// <summary>How often the gateway is killed under load; the requirement says 100.</summary>
    public static int Kills => Number("EDGE_GATEWAY_TEST_KILLS", 6);

    /// <summary>How often the power of the gateway's disk is cut under load; the requirement says 50.</summary>
    public static int Cuts => Number("EDGE_GATEWAY_TEST_EXT4_DAEMON_CUTS", 2);

    /// <summary>Whether somebody else's broker is put through the same.</summary>
    public static bool PeerToo => Environment.GetEnvironmentVariable("EDGE_GATEWAY_TEST_PEER") == "mosquitto";

    public static int Seed => Number("EDGE_GATEWAY_TEST_SEED", Random.Shared.Next());

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
