using Gateway.Configuration;

namespace Gateway.Bridge;

/// <summary>The keys of <c>bridges: tls</c>.</summary>
public static class UpstreamTlsTable
{
    public static readonly Kind<UpstreamTlsOptions> Kind = new Table<UpstreamTlsOptions>("a map of PEM files", "{ ca: ca.crt }", Read);

    private static UpstreamTlsOptions Read(MapReader map)
    {
        var tls = new UpstreamTlsOptions
        {
            Ca = map.Maybe("ca", Kinds.Path, "the system's", "Certificate authorities that are trusted instead of the system's (PEM)."),
            Certificate = map.Maybe("certificate", Kinds.Path, "none", "The gateway's own certificate (PEM)."),
            Key = map.Maybe("key", Kinds.Path, "none", "Its private key (PEM, without a passphrase)."),
        };
        if (tls.Certificate is null != tls.Key is null)
        {
            var (there, missing) = tls.Key is null ? ("certificate", "key") : ("key", "certificate");
            map.Wrong(there, $"a {there} without a {missing}", $"add {missing}: gw.{(missing == "key" ? "key" : "crt")}");
        }

        return tls;
    }
}
