namespace Gateway.Mqtt;

/// <summary>Where a message entered this gateway: a LAN client, a bridge, or the gateway itself (neither is set).</summary>
/// <param name="ClientId">Client identifier of the publishing LAN client; serves No Local (MQTT 5.0 §3.8.3.1).</param>
/// <param name="Bridge">Id of the bridge that imported it; serves split horizon: it is never forwarded to that bridge.</param>
public readonly record struct MessageOrigin(string? ClientId, string? Bridge)
{
    public static MessageOrigin Gateway => default;

    public static MessageOrigin FromClient(string clientId) => new(clientId, null);

    public static MessageOrigin FromBridge(string bridge) => new(null, bridge);
}
