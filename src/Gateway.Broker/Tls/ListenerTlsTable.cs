using Gateway.Configuration;

namespace Gateway.Broker;

/// <summary>The keys of <c>tls</c> of a listener.</summary>
public static class ListenerTlsTable
{
    public static readonly Kind<ListenerTlsOptions> Kind = new Table<ListenerTlsOptions>("a map of certificates", "{ certificate: server.crt, key: server.key }", Read);

    private static readonly Kind<ClientCertificates> Clients = Kinds.Choice(
        ("none", ClientCertificates.None), ("optional", ClientCertificates.Optional), ("required", ClientCertificates.Required));

    private static ListenerTlsOptions Read(MapReader map)
    {
        var options = new ListenerTlsOptions
        {
            Certificate = map.Required("certificate", Kinds.Path, "The server's certificate, followed by its intermediates (PEM). Read anew when it changes."),
            Key = map.Maybe("key", Kinds.Path, "in the certificate's file", "Its key (PEM)."),
            ClientCa = map.Maybe("client-ca", Kinds.Path, "clients show no certificate", "Authorities that sign clients' certificates (PEM)."),
            Clients = map.Optional("clients", Clients, ClientCertificates.None, "Whether clients show a certificate; its common name, or else its alternative name, is their user."),
            Position = map.Position,
        };
        if (options.Clients != ClientCertificates.None && options.ClientCa is null)
        {
            map.Wrong("clients", "nobody can tell whose certificates count", "add client-ca: ca.crt");
        }
        else if (options.Clients == ClientCertificates.None && options.ClientCa is not null)
        {
            map.Wrong("client-ca", "an authority for certificates that nobody asks for", "add clients: optional or clients: required, or remove it");
        }

        return options;
    }
}
