using Gateway.Bridge;
using Gateway.Configuration;

namespace Gateway;

/// <summary>Files that are named and not there. A warning: they may come before the gateway starts, and only its own user can tell whether it may read them.</summary>
internal static class MissingFiles
{
    /// <param name="configuration">What was read.</param>
    /// <param name="root">Where it was read from.</param>
    /// <param name="problems">Gets them.</param>
    /// <param name="strict">Whether what the broker cannot start without counts as an error already.</param>
    public static void Check(GatewayConfiguration configuration, MapNode root, ProblemList problems, bool strict)
    {
        Look(configuration.Broker.PasswordFile, root.At("broker", "password-file"), "the broker's users", "make it with edge-gateway user add NAME", problems, strict);
        Look(configuration.Broker.AclFile, root.At("broker", "acl-file"), "the broker's rules", "write it, or remove acl-file to let the users' roles decide", problems, strict);
        foreach (var link in configuration.Links)
        {
            foreach (var (path, what) in link.Files)
            {
                Look(path, link.Position, $"{what} of the link {link.Id}", "put it there: the link stays down without it", problems);
            }
        }

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

    private static void Look(string? path, SourcePosition position, string what, string instead, ProblemList problems, bool strict = false)
    {
        if (path is null || File.Exists(path))
        {
            return;
        }

        var wrong = $"{path} ({what}) is not there";
        if (strict)
        {
            problems.Error(position, wrong, instead);
        }
        else
        {
            problems.Warn(position, wrong, instead);
        }
    }
}
