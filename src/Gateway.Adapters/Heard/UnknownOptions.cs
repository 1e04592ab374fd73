using System.IO.Enumeration;
using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>What a link does with devices that are heard on it and are not in the configuration (<c>unknown</c>).</summary>
/// <param name="IsListed">They are kept in a list for <c>scan</c> and <c>status</c>.</param>
/// <param name="Allow">Patterns of addresses, with <c>*</c> and <c>?</c>, that become devices; empty: none does.</param>
/// <param name="Id">Id of such a device, with <c>{address}</c> in it.</param>
/// <param name="Limit">How many of them there may be.</param>
public sealed record UnknownOptions(bool IsListed, IReadOnlyList<string> Allow, string Id, int Limit)
{
    /// <summary>64: enough for a house, and a crowd of passing telephones does not fill the outbox.</summary>
    public const int DefaultLimit = 64;

    /// <summary>What stands for the address in an id.</summary>
    public const string AddressVariable = "{address}";

    public static UnknownOptions Ignored { get; } = new(false, [], AddressVariable, DefaultLimit);

    public static UnknownOptions Listed { get; } = Ignored with { IsListed = true };

    public LetIn? LetsIn => Allow.Count == 0 ? null : new(Allow, Id, Limit);

    /// <summary>The pattern by which the device with this address, as people write it, may become one of the gateway's; null: it may not.</summary>
    public string? PatternOf(string address)
    {
        foreach (var pattern in Allow)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, address, ignoreCase: true))
            {
                return pattern;
            }
        }

        return null;
    }

    /// <summary>The device that a stranger becomes.</summary>
    /// <param name="link">Whose options these are.</param>
    /// <param name="address">As people write it.</param>
    /// <param name="device">How it is found.</param>
    /// <returns>null: it stays a stranger.</returns>
    internal DeviceOptions? Admit(LinkOptions link, string address, HeardDevice device) => PatternOf(address) is not { } pattern ? null
        : new() { Id = IdOf(address), Link = link, Address = device, Points = [], FindsPoints = true, FoundBy = pattern, Position = link.Position };

    /// <summary>A device that was let in under the link's options of before.</summary>
    /// <returns>null: it is not let in any more, or under another id.</returns>
    internal DeviceOptions? Readmit(LinkOptions link, string address, DeviceOptions found) =>
        Admit(link, address, (HeardDevice)found.Address) is { } device && device.Id == found.Id ? device : null;

    /// <summary>Its id: the address in lower case, hyphens for what an id may not hold.</summary>
    public string IdOf(string address) =>
        Id.Replace(AddressVariable, string.Concat(address.ToLowerInvariant().Select(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) ? c : '-')), StringComparison.Ordinal);

    public bool Equals(UnknownOptions? other) =>
        other is not null && (IsListed, Id, Limit) == (other.IsListed, other.Id, other.Limit) && Allow.SequenceEqual(other.Allow);

    public override int GetHashCode() => HashCode.Combine(IsListed, Id, Limit, Allow.Count);
}
