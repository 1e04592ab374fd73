using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Mqtt;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>An authority, a device on 127.0.0.1 and a gateway, with their certificates as files.</summary>
internal sealed class PlantCertificates : IDisposable
{
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _device;

    public PlantCertificates(string folder, string authority = "plant authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={authority}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        _device = Sign("device", IPAddress.Loopback);
        var ca = Write(folder, "ca.crt", _authority.ExportCertificatePem());
        using var gateway = Sign("gateway", null);
        using var gatewayKey = gateway.GetECDsaPrivateKey()!;
        Files = new(ca, Write(folder, "gw.crt", gateway.ExportCertificatePem()), Write(folder, "gw.key", gatewayKey.ExportPkcs8PrivateKeyPem()));
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

    private X509Certificate2 Sign(string name, IPAddress? address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        if (address is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddIpAddress(address);
            request.CertificateExtensions.Add(names.Build());
        }

        using var signed = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(23), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
