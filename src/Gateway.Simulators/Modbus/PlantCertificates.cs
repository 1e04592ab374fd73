using System.Formats.Asn1;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Mqtt;

namespace Gateway.Simulators;

/// <summary>A throw-away authority, a device and a gateway with their certificates, as MODBUS/TCP Security wants them: both show one, and the gateway's names its role. What the gateway needs is in files.</summary>
public sealed class PlantCertificates : IDisposable
{
    /// <summary>Role of the client (MODBUS/TCP Security V36 §8.4: an extension that holds a UTF8String).</summary>
    private const string RoleExtension = "1.3.6.1.4.1.50316.802.1";

    private const string Role = "Operator";

    /// <summary>90 days: longer than a simulation runs, and nothing is kept after it.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromDays(90);

    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _device;

    /// <param name="folder">Where the gateway's files go; the caller removes them.</param>
    /// <param name="address">Where the device is reached; null: 127.0.0.1.</param>
    /// <param name="authority">Its name.</param>
    public PlantCertificates(string folder, IPAddress? address = null, string authority = "plant authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authority}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = DateTimeOffset.UtcNow;
        _authority = request.CreateSelfSigned(now.AddDays(-1), now + s_life);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address ?? IPAddress.Loopback);
        _device = Sign("device", "1.3.6.1.5.5.7.3.1", names.Build());
        using var gateway = Sign("gateway", "1.3.6.1.5.5.7.3.2", RoleOf(Role));
        using var gatewayKey = gateway.GetECDsaPrivateKey()!;
        Files = new(
            Write(folder, "ca.crt", _authority.ExportCertificatePem()), Write(folder, "gw.crt", gateway.ExportCertificatePem()),
            Write(folder, "gw.key", gatewayKey.ExportPkcs8PrivateKeyPem()));
    }

    /// <summary>What the gateway has.</summary>
    public TlsFiles Files { get; }

    /// <summary>A device that follows the standard: it wants a certificate of its authority.</summary>
    public SslServerAuthenticationOptions Server
    {
        get
        {
            var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust };
            policy.CustomTrustStore.Add(_authority);
            return new()
            {
                ServerCertificate = _device,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateRequired = true,
                CertificateChainPolicy = policy,
            };
        }
    }

    public void Dispose()
    {
        _authority.Dispose();
        _device.Dispose();
    }

    private X509Certificate2 Sign(string name, string purpose, X509Extension extension)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        request.CertificateExtensions.Add(extension);
        using var signed = request.Create(_authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static X509Extension RoleOf(string role)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteCharacterString(UniversalTagNumber.UTF8String, role);
        return new(RoleExtension, writer.Encode(), critical: false);
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
