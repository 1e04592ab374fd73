using Gateway.Bridge;
using Gateway.Configuration;

namespace Gateway;

/// <summary>Files that are named and not there. A warning: they may come before the gateway starts, and only its own user can tell whether it may read them.</summary>
internal static class MissingFiles
{
    public static void Check(GatewayConfiguration configuration, MapNode root, ProblemList problems)
    {
        Look(configuration.Broker.PasswordFile, root.At("broker", "password-file"), "the broker's users", "make it with mosquitto_passwd -c", problems);
        foreach (var bridge in configuration.Bridges)
        {
            foreach (var (path, what) in Files(bridge))
            {
                Look(path, bridge.Position, $"{what} of the bridge {bridge.Id}", "put it there before the gateway starts", problems);
            }
        }
    }

    private static IEnumerable<(string? Path, string What)> Files(BridgeOptions bridge)
    {
        yield return (bridge.Password is { Kind: SecretKind.File, Name: var name } ? name : null, "the password");
        yield return (bridge.Tls?.Ca, "the authorities");
        yield return (bridge.Tls?.Certificate, "the certificate");
        yield return (bridge.Tls?.Key, "the key");
    }

    private static void Look(string? path, SourcePosition position, string what, string instead, ProblemList problems)
    {
        if (path is not null && !File.Exists(path))
        {
            problems.Warn(position, $"{path} ({what}) is not there", instead);
        }
    }
}
