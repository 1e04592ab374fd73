using System.Security.Cryptography.X509Certificates;
using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>The certificates of a listener, read and found to fit together.</summary>
/// <param name="Material">For handshakes.</param>
/// <param name="Stamp">Of the files when they were read.</param>
public sealed record ServerCertificate(TlsMaterial Material, string Stamp)
{
    /// <summary>30 days: time for those who have to order a new one.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>When the first certificate of the chain that is sent ends.</summary>
    public DateTimeOffset Until => Chain.Min(c => new DateTimeOffset(c.NotAfter));

    private IEnumerable<X509Certificate2> Chain => Material.Own!.IntermediateCertificates.Append(Material.Own.TargetCertificate);

    /// <summary>Reads the files.</summary>
    /// <returns>null, and what is wrong with which file.</returns>
    public static ServerCertificate? TryLoad(ListenerTlsOptions options, out string? problem)
    {
        var stamp = StampOf(options);
        if (options.Files.TryLoad(out problem) is not { } material)
        {
            return null;
        }

        var usages = material.Own!.TargetCertificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (usages is not null && usages.EnhancedKeyUsages[ServerAuthentication] is null)
        {
            problem = $"{options.Certificate} is no certificate for servers (its extended key usage lacks serverAuth)";
            return null;
        }

        return new ServerCertificate(material, stamp);
    }

    /// <summary>Differs when a file was changed or replaced.</summary>
    public static string StampOf(ListenerTlsOptions options) =>
        string.Join('|', new[] { options.Certificate, options.Key, options.ClientCa }.OfType<string>().Select(path =>
        {
            var file = new FileInfo(path);
            return file.Exists ? $"{file.LastWriteTimeUtc.Ticks} {file.Length} {file.ResolveLinkTarget(returnFinalTarget: true)?.FullName}" : "";
        }));

    /// <summary>What there is to say about its end; null: nothing yet.</summary>
    public string? Warning(string file, DateTimeOffset now) =>
        now >= Until ? $"the certificate {file} expired on {Until:yyyy-MM-dd}: clients refuse to connect"
        : now + Notice >= Until ? $"the certificate {file} expires on {Until:yyyy-MM-dd}"
        : null;
}
