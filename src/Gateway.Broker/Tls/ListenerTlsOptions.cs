using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>The <c>tls</c> of a listener.</summary>
public sealed record ListenerTlsOptions
{
    /// <summary>Absolute path of the server's certificate, followed by its intermediates (PEM).</summary>
    public required string Certificate { get; init; }

    /// <summary>Absolute path of its key (PEM); null: in the certificate's file.</summary>
    public string? Key { get; init; }

    /// <summary>Absolute path of the authorities that sign clients' certificates (PEM); null: clients show none.</summary>
    public string? ClientCa { get; init; }

    public ClientCertificates Clients { get; init; }

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }

    internal TlsFiles Files => new(ClientCa, Certificate, Key);
}

/// <summary>Whether clients show a certificate.</summary>
public enum ClientCertificates : byte
{
    None,
    Optional,
    Required,
}
