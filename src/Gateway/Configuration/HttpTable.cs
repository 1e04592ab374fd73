using Gateway.Configuration;

namespace Gateway;

/// <summary>The keys of <c>http</c>.</summary>
public static class HttpTable
{
    public static readonly Kind<HttpOptions> Kind = new Table<HttpOptions>("the http section", "{ bind: 127.0.0.1, port: 9883 }", Read);

    private static HttpOptions Read(MapReader map) => new()
    {
        Enabled = map.Optional("enabled", Kinds.Boolean, true, "Whether /metrics, /healthz and /readyz are served."),
        Bind = map.Optional("bind", Kinds.Address, HttpOptions.DefaultBind, "Address of this machine; 0.0.0.0 for all: there is no password."),
        Port = map.Optional("port", Kinds.Integer(0, 65535, "9883"), HttpOptions.DefaultPort, "TCP port; 0 takes one that is free."),
    };
}
