using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of <c>tls</c> of a Modbus link: those of a bridge's.</summary>
internal static class ModbusTlsTable
{
    public static readonly Kind<TlsFiles> Kind = new Table<TlsFiles>("a map of PEM files", "{ ca: plant-ca.crt, certificate: gw.crt, key: gw.key }", Read);

    private static TlsFiles Read(MapReader map)
    {
        var ca = map.Maybe("ca", Kinds.Path, "the system's", "Certificate authorities that are trusted instead of the system's (PEM).");
        var certificate = map.Maybe("certificate", Kinds.Path, "none", "The gateway's own certificate (PEM), with its role if the device asks for one; devices that follow the standard ask for a certificate.");
        var key = map.Maybe("key", Kinds.Path, "none", "Its private key (PEM, without a passphrase).");
        if (certificate is null != key is null)
        {
            var (there, missing) = key is null ? ("certificate", "key") : ("key", "certificate");
            map.Wrong(there, $"a {there} without a {missing}", $"add {missing}: gw.{(missing == "key" ? "key" : "crt")}");
        }

        return new(ca, certificate, key);
    }
}
