using System.Text.RegularExpressions;
using Gateway.Configuration;

namespace Gateway.Doctor;

/// <summary>Takes secrets out of what leaves this machine: the known ones wherever they stand, and what looks like one.</summary>
internal sealed partial class Redactor
{
    private const string Removed = "[removed]";

    /// <summary>Shorter ones would take half the words of a log with them.</summary>
    private const int Shortest = 4;

    private readonly List<string> _secrets;

    public Redactor(GatewayConfiguration? configuration) => _secrets =
    [
        .. (configuration?.Bridges ?? []).Select(static b => b.Password).OfType<Secret>().Concat((configuration?.Devices ?? []).SelectMany(static d => d.Address.Secrets).Select(static s => s.Secret))
            .Select(static s => s.TryRead(out _)).OfType<string>().Where(static s => s.Length >= Shortest).Distinct().OrderByDescending(static s => s.Length),
    ];

    public string Clean(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Removed, StringComparison.Ordinal);
        }

        text = PrivateKey().Replace(text, Removed);
        text = Hash().Replace(text, Removed);
        return Assignment().Replace(text, $"$1{Removed}");
    }

    /// <summary>RFC 7468.</summary>
    [GeneratedRegex("-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", RegexOptions.Singleline)]
    private static partial Regex PrivateKey();

    /// <summary>mosquitto_passwd's and crypt(5)'s.</summary>
    [GeneratedRegex(@"\$[0-9a-z]{1,2}\$[A-Za-z0-9+/=.$]{16,}")]
    private static partial Regex Hash();

    /// <summary>Somebody wrote one where a name belongs: <c>password: hunter2</c>, <c>mqtt://user:hunter2@host</c>. Maps and paths stay.</summary>
    [GeneratedRegex(@"((?:password|passwd|secret|token|bindkey|psk)[""']?\s*[:=]\s*[""']?)(?![{/\s])[^\s""',}]+|(?<=://[^/\s:@]{1,128}:)[^@\s/]+(?=@)", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();
}
