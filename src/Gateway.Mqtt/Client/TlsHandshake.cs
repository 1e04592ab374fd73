using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Mqtt;

/// <summary>One TLS handshake as client, which remembers why it refused the server's certificate.</summary>
public sealed class TlsHandshake(string host, TlsMaterial material, Func<bool> isClockTrusted, TimeProvider time)
{
    private string? _cause;

    /// <summary>Wraps the stream.</summary>
    /// <returns>The stream, or what went wrong in words.</returns>
    public async Task<(Stream? Stream, string? Problem)> RunAsync(Stream inner, CancellationToken cancellation)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(), cancellation);
            return (stream, null);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            return (null, _cause ?? Deepest(e));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private SslClientAuthenticationOptions Options()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (material.Roots is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificateContext = material.Own,
            RemoteCertificateValidationCallback = Judge,
        };
    }

    private bool Judge(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _cause = errors == SslPolicyErrors.None ? null : Describe(certificate as X509Certificate2, chain, errors);
        return _cause is null;
    }

    private string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "the server sent no certificate";
        }

        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return DescribeDates(certificate, chain!);
        }

        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            var authority = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);
            return material.Roots is null
                ? $"the server's certificate is signed by \"{authority}\", which this system does not know; name its certificate authority with tls: {{ ca: … }}"
                : $"the server's certificate is signed by \"{authority}\", which is not in the file that tls: {{ ca: … }} names";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"the server's certificate is for {Names(certificate)}, not for {host}";
        }

        return $"the server's certificate is not accepted ({(status == X509ChainStatusFlags.NoError ? errors.ToString() : status.ToString())})";
    }

    private string DescribeDates(X509Certificate2 certificate, X509Chain chain)
    {
        var now = time.GetUtcNow();
        var wrong = chain.ChainElements.Select(static e => e.Certificate).FirstOrDefault(c => now < c.NotBefore || now > c.NotAfter) ?? certificate;
        var name = wrong.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var dates = now < wrong.NotBefore
            ? $"the certificate of \"{name}\" is valid only from {wrong.NotBefore.ToUniversalTime():u}"
            : $"the certificate of \"{name}\" expired on {wrong.NotAfter.ToUniversalTime():u}";
        return isClockTrusted() ? dates : $"{dates}, but this machine's clock ({now:u}) is not synchronised: check the clock first";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(static e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(static a => a.ToString()))).ToArray();
        return names.Length > 0 ? string.Join(", ", names) : certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
    }

    private static string Deepest(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e.Message;
    }
}
