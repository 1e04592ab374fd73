using Gateway.Mqtt;

namespace Gateway.Bridge;

/// <summary>The files that a bridge needs. What is wrong with them does not heal by itself: the daemon asks before it starts.</summary>
public static class UpstreamFiles
{
    /// <summary>What is wrong with the bridge's certificates and secrets, for people; null: nothing.</summary>
    public static string? Check(BridgeOptions options)
    {
        if (Tls(options) is { } files && files.TryLoad(out var problem) is null)
        {
            return $"bridge {options.Id}: {problem}";
        }

        return options.Password is { } secret && secret.TryRead(out problem) is null ? $"bridge {options.Id}: password: {problem}" : null;
    }

    internal static TlsFiles? Tls(BridgeOptions options) => options.Tls is { } tls ? new TlsFiles(tls.Ca, tls.Certificate, tls.Key) : null;
}
