using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Broker;

/// <summary>What a client's certificate says, and why it does not count.</summary>
internal static class ClientCertificate
{
    private static readonly System.Security.Cryptography.Oid s_commonName = new("2.5.4.3");

    /// <summary>The user: the common name, or else the first alternative name (e-mail, DNS, URI); null: it names nobody.</summary>
    public static string? UserOf(X509Certificate2 certificate)
    {
        var common = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .FirstOrDefault(n => !n.HasMultipleElements && n.GetSingleElementType().Value == s_commonName.Value)?.GetSingleElementValue();
        return Usable(common)
            ?? Usable(certificate.GetNameInfo(X509NameType.EmailName, forIssuer: false))
            ?? Usable(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).FirstOrDefault())
            ?? Usable(certificate.GetNameInfo(X509NameType.UrlName, forIssuer: false));
    }

    /// <summary>Why the certificate is refused, for people.</summary>
    public static string Describe(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return "it showed none, and clients: required asks for one";
        }

        var name = $"\"{LogName.Of(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))}\"";
        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, static (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        return status switch
        {
            _ when status.HasFlag(X509ChainStatusFlags.NotTimeValid) => $"{name} is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}; it is now {DateTime.UtcNow:u}",
            _ when status.HasFlag(X509ChainStatusFlags.NotValidForUsage) => $"{name} is not for clients (its extended key usage lacks clientAuth)",
            _ when (status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0 =>
                $"{name} is signed by \"{LogName.Of(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true))}\", which is not in client-ca",
            _ => $"{name}: {(status == X509ChainStatusFlags.NoError ? errors.ToString() : status.ToString())}",
        };
    }

    private static string? Usable(string? name) => string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl) ? null : name;
}
