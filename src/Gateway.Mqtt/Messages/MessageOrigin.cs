namespace Gateway.Mqtt;

/// <summary>Where a message entered this gateway: a LAN client, a bridge, or the gateway itself (neither is set).</summary>
/// <param name="ClientId">Client identifier of the publishing LAN client; serves No Local (MQTT 5.0 §3.8.3.1).</param>
/// <param name="Bridge">Id of the bridge that imported it; serves split horizon: it is never forwarded to that bridge.</param>
/// <param name="PacketId">Packet Identifier under which it came; 0 at QoS 0. With the session it tells a repetition from a new message.</param>
/// <param name="IsDup">The sender says that it may have sent it before (MQTT 5.0 §3.3.1.1).</param>
public readonly record struct MessageOrigin(string? ClientId, string? Bridge, ushort PacketId = 0, bool IsDup = false)
{
    public static MessageOrigin Gateway => default;

    public static MessageOrigin FromClient(string clientId) => new(clientId, null);

    public static MessageOrigin FromBridge(string bridge) => new(null, bridge);
}
