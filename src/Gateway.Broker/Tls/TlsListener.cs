using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>The TLS of one listener: every handshake takes the certificates that hold then, so that they can change without anybody being disconnected.</summary>
internal sealed class TlsListener(ListenerTlsOptions options, ServerCertificate certificate, LogPace pace, ILogger log)
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private volatile ServerCertificate _certificate = certificate;
    private readonly Lock _refreshing = new();
    private string _seen = certificate.Stamp;

    public ListenerTlsOptions Options => options;

    public ServerCertificate Certificate => _certificate;

    /// <summary>What the handshake with a client goes by.</summary>
    public SslServerAuthenticationOptions For(EndPoint? remote)
    {
        var material = _certificate.Material;
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.ApplicationPolicy.Add(new(ClientAuthentication));
        policy.CustomTrustStore.AddRange(material.Roots ?? []);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = options.Clients != ClientCertificates.None,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = policy,
            RemoteCertificateValidationCallback = (_, shown, chain, errors) => Judge(shown as X509Certificate2, chain, errors, remote),
        };
    }

    /// <summary>Reads the files again if they have changed.</summary>
    /// <param name="isSure">false: only once they have been the same for two looks, because certificate and key change one after the other.</param>
    /// <returns>What is wrong with them; null: nothing.</returns>
    public string? Refresh(bool isSure)
    {
        lock (_refreshing)
        {
            return RefreshAlone(isSure);
        }
    }

    private string? RefreshAlone(bool isSure)
    {
        var now = ServerCertificate.StampOf(options);
        var isStill = now == _seen;
        _seen = now;
        if (now == _certificate.Stamp || !(isSure || isStill))
        {
            return null;
        }

        if (ServerCertificate.TryLoad(options, out var problem) is not { } fresh)
        {
            // Told once for what is there now: the next change is looked at again.
            _certificate = _certificate with { Stamp = now };
            AccessLog.CertificateNotReplaced(log, problem!);
            return problem;
        }

        _certificate = fresh;
        AccessLog.CertificateReplaced(log, options.Certificate, fresh.Until);
        return null;
    }

    private bool Judge(X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors, EndPoint? remote)
    {
        if (errors == SslPolicyErrors.None || options.Clients == ClientCertificates.None || (shown is null && options.Clients == ClientCertificates.Optional))
        {
            return true;
        }

        if (pace.MayWrite())
        {
            AccessLog.CertificateRefused(log, remote?.ToString() ?? "?", ClientCertificate.Describe(shown, chain, errors));
        }

        return false;
    }
}
