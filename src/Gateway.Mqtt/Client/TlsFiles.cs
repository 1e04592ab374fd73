using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gateway.Mqtt;

/// <summary>Certificates of a TLS client, as PEM files with absolute paths.</summary>
/// <param name="Ca">Certificate authorities that are trusted instead of the system's; null: the system's.</param>
/// <param name="Certificate">Own certificate, followed by its intermediates; null: none.</param>
/// <param name="Key">Its key; null: in the certificate's file.</param>
public sealed record TlsFiles(string? Ca = null, string? Certificate = null, string? Key = null)
{
    /// <summary>Reads the files.</summary>
    /// <returns>null, and what is wrong with which file.</returns>
    public TlsMaterial? TryLoad(out string? problem)
    {
        problem = null;
        var file = Ca;
        try
        {
            X509Certificate2Collection? roots = null;
            if (Ca is not null)
            {
                roots = [];
                roots.ImportFromPemFile(Ca);
                if (roots.Count == 0)
                {
                    problem = $"{Ca} holds no certificate in PEM format";
                    return null;
                }
            }

            SslStreamCertificateContext? own = null;
            if (Certificate is not null)
            {
                file = Key is null ? Certificate : $"{Certificate} with {Key}";
                var certificate = X509Certificate2.CreateFromPemFile(Certificate, Key);
                var chain = new X509Certificate2Collection();
                chain.ImportFromPemFile(Certificate);
                own = SslStreamCertificateContext.Create(certificate, chain, offline: true);
            }

            return new TlsMaterial(roots, own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // The framework's full stop would stand in the middle of the reader's sentence.
            var why = e.Message.TrimEnd('.');
            problem = e is IOException or UnauthorizedAccessException ? why : $"{file} cannot be used: {why}";
            return null;
        }
    }
}

/// <summary>What <see cref="TlsFiles"/> hold.</summary>
public sealed record TlsMaterial(X509Certificate2Collection? Roots, SslStreamCertificateContext? Own);
