using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The keys of an entry of <c>broker: listeners</c>.</summary>
public static class ListenerTable
{
    public static readonly Kind<ListenerOptions> Kind = new Table<ListenerOptions>("a listener", "{ bind: 127.0.0.1, port: 1883 }", Read);

    private static ListenerOptions Read(MapReader map)
    {
        return new()
        {
            Bind = map.Optional("bind", Kinds.Address, ListenerOptions.DefaultBind, "Address of this machine; 0.0.0.0 for all."),
            Port = map.Optional("port", Kinds.Integer(0, 65535, "1883"), ListenerOptions.DefaultPort, "TCP port; 0 takes one that is free."),
            Tls = map.Maybe("tls", ListenerTlsTable.Kind, "plain TCP", "TLS 1.2 and 1.3, with or without certificates of clients."),
            Position = map.Position,
        };
    }
}
