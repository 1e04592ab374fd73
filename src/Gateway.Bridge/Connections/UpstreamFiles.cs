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
            return $"bridge {options.Id}: {problem}; correct its tls, or put the file there, readable by {Environment.UserName}";
        }

        return options.Password is { } secret && secret.TryRead(out problem) is null
            ? $"bridge {options.Id}: the password cannot be read: {problem}; correct its password, or put the secret there, readable by {Environment.UserName}"
            : null;
    }

    /// <summary>The files for mqtts servers; null: the system's authorities, no client certificate.</summary>
    public static TlsFiles? Tls(BridgeOptions options) => options.Tls is { } tls ? new TlsFiles(tls.Ca, tls.Certificate, tls.Key) : null;
}
