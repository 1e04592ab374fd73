using Gateway.Configuration;

namespace Gateway.Setup;

/// <summary>A gateway's id from its host name, if that says more than what image the machine was made from.</summary>
internal static class FirstId
{
    /// <summary>Names that images and installers give; a second machine of the same make would have the same id, and upstream would take both for one.</summary>
    private static readonly HashSet<string> s_generic = new(StringComparer.Ordinal)
    {
        "localhost", "raspberrypi", "raspberry", "pi", "debian", "ubuntu", "armbian", "dietpi", "raspbian", "fedora", "alpine", "archlinux", "alarm", "linux", "none",
        "orangepi", "bananapi", "nanopi", "rock", "rockpi", "odroid", "beaglebone", "revpi", "buildroot", "yocto", "openwrt", "vm", "host", "hostname", "unknown", "gateway", "edge",
        "edge-gateway", "server", "test",
    };

    /// <summary>Docker's: the beginning of the container's id, another at every start.</summary>
    private const int ContainerNameLength = 12;

    /// <returns>null: let the gateway make one at its first start.</returns>
    public static string? From(string hostName)
    {
        var name = hostName.Split('.')[0].ToLowerInvariant();
        var id = new string([.. name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        return !IdKind.IsValid(id) || IdKind.Reserved.Contains(id) || s_generic.Contains(id) || IsContainer(id) ? null : id;
    }

    private static bool IsContainer(string id) => id.Length == ContainerNameLength && id.All(char.IsAsciiHexDigitLower);
}
