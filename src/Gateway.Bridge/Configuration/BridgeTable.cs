using Gateway.Configuration;

namespace Gateway.Bridge;

/// <summary>The keys of an entry of <c>bridges</c>.</summary>
public static class BridgeTable
{
    public static readonly Kind<BridgeOptions> Kind = new Table<BridgeOptions>(
        "a bridge", "{ id: cloud, servers: [\"mqtts://cloud.example\"], forward: [standard] }", Read);

    private static readonly Kind<string> Protocols = Kinds.Choice(("5", "5")).NotYet("3.1.1", "auto").Refuse("3.1", "\"3.1\" is not spoken upstream", "write 5");

    private static readonly Kind<string> Identities = Kinds.Choice(("property", "property")).NotYet("payload");

    /// <summary>MQTT 3.1.1 §3.1.3.1 promises 23 characters; servers take far more.</summary>
    private static readonly Kind<string> ClientId = new TextKind("a client identifier", "gw-berlin-01", longest: 128);

    private static BridgeOptions Read(MapReader map)
    {
        var bridge = new BridgeOptions
        {
            Id = map.Required("id", Kinds.Id, "Name of the bridge; its streams are kept on disk by it."),
            Servers = map.Required("servers", Kinds.List(new UpstreamServerKind(), min: 1), "Upstream brokers, tried in order."),
            ClientId = map.Maybe("client-id", ClientId, "the gateway's id", "Stable: upstream keeps the session by it."),
            Username = map.Maybe("username", Kinds.Text, "none", "User name upstream."),
            Password = map.Maybe("password", Kinds.Secret, "none", "Where the password is kept."),
            Tls = map.Maybe("tls", UpstreamTlsTable.Kind, "the system's authorities, no client certificate", "Certificates, for mqtts servers."),
            Forward = map.Optional("forward", Kinds.List(ForwardTable.Kind), [], "What goes upstream; the first rule that matches wins."),
            Import = map.Optional("import", Kinds.List(ImportTable.Kind), [], "What comes from upstream."),
            Outbox = map.Optional("outbox", OutboxTable.Kind, new(), "What is kept while upstream is away."),
            Position = map.Position,
        };

        // What they may say is what is done anyway.
        map.Optional("protocol", Protocols, "5", "MQTT version upstream.");
        map.Optional("identity", Identities, "property", "Where a message's identity travels: in an MQTT 5 user property.");
        if (bridge.Tls is not null && bridge.Servers.All(s => !s.Tls))
        {
            map.Wrong("tls", "certificates, and no server that uses them", "write mqtts:// in servers, or remove tls");
        }

        if (bridge.Password is not null && bridge.Username is null)
        {
            map.Wrong("password", "a password without a username", "add username: NAME");
        }

        return bridge;
    }
}
