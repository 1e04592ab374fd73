using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>What a CONNECT asks of the registry.</summary>
/// <param name="ClientId">Never empty: an identifier has been assigned if there was none.</param>
/// <param name="CleanStart">Forget what there was (MQTT 5.0 §3.1.2.4).</param>
/// <param name="Expiry">See <see cref="Session.Expiry"/>.</param>
/// <param name="Will">null: none.</param>
/// <param name="ReceiveMaximum">Messages in flight to the client.</param>
/// <param name="Identity">As whom the client was let in.</param>
/// <param name="Rights">What it may do.</param>
internal readonly record struct SessionRequest(
    string ClientId, bool CleanStart, TimeSpan Expiry, Will? Will, int ReceiveMaximum, ClientIdentity Identity, Rights Rights)
{
    /// <summary>Bytes that the session takes besides its queue and its subscriptions: each may have 64 KiB of identifier and a will as large as a packet.</summary>
    public long Weight { get; } = ((long)sizeof(char) * ClientId.Length) + (Will is null ? 0 : SharedMessage.CostOf(Will.Message));
}

/// <summary>What the registry made of it.</summary>
/// <param name="Session">null: there are too many clients, or no memory for one more.</param>
/// <param name="Present">Session Present (§3.2.2.1.1).</param>
internal readonly record struct SessionAttachment(Session? Session, bool Present);
