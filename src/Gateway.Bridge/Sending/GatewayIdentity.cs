using System.Globalization;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>The user properties by which a message carries who sent it, and whom it passed: <c>gw</c>, <c>gw-origin</c>, <c>gw-path</c>.</summary>
public static class GatewayIdentity
{
    /// <summary><c>id;bridge.lane;epoch;seq[;previous-epoch]</c>, of the last hop.</summary>
    public const string Property = "gw";

    /// <summary>The <c>gw</c> of the first hop.</summary>
    public const string OriginProperty = "gw-origin";

    /// <summary>Ids of the gateways that it passed, joined by commas, oldest first.</summary>
    public const string PathProperty = Broker.LoopGuard.PathProperty;

    /// <summary>Characters of an id.</summary>
    private const int LongestId = 63;

    /// <summary>What the identities of all entries of a stream begin with.</summary>
    public static string Prefix(string gatewayId, StreamId stream, ulong epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{gatewayId};{stream.Bridge}.{stream.Lane.Name()};{epoch:x16};");

    /// <summary>Writes the identity of an entry; the previous epoch only on the first number.</summary>
    /// <param name="prefix">Of its epoch.</param>
    /// <param name="identity">Its number.</param>
    public static string Format(string prefix, EntryIdentity identity) =>
        identity.Previous is { } previous
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{identity.Number};{previous:x16}")
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{identity.Number}");

    /// <summary>Whether the path has no room for one more gateway: too many ids, or longer than ids can make it, which no gateway does.</summary>
    public static bool IsPathFull(MessageProperties properties, int maxHops)
    {
        var (hops, length) = (0, 0);
        var user = properties.UserProperties;
        for (var i = 0; i < user.Count; i++)
        {
            if (user[i].Name == PathProperty)
            {
                hops += user[i].Value.AsSpan().Count(',') + 1;
                length += user[i].Value.Length + 1;
            }
        }

        return hops >= maxHops || length > maxHops * (LongestId + 1);
    }

    /// <summary>The properties with which a message leaves this gateway: everybody else's unchanged and in their order, then ours.</summary>
    /// <param name="properties">As it came.</param>
    /// <param name="gatewayId">Ours, appended to the path.</param>
    /// <param name="identity">Its <c>gw</c> on this hop; null: it has none (QoS 0).</param>
    public static MessageProperties Stamp(MessageProperties properties, string gatewayId, string? identity)
    {
        if (properties.UserProperties.Count == 0)
        {
            var path = new UserProperty(PathProperty, gatewayId);
            return properties with { UserProperties = identity is null ? [path] : new[] { new UserProperty(Property, identity), path } };
        }

        return properties with { UserProperties = Replace(properties.UserProperties, gatewayId, identity) };
    }

    /// <summary>The properties of a message that is made here of others: their identities are not its own, their path is.</summary>
    public static MessageProperties Unnamed(MessageProperties properties) => properties.UserProperties.Any(static p => p.Name is Property or OriginProperty)
        ? properties with { UserProperties = properties.UserProperties.Where(static p => p.Name is not (Property or OriginProperty)).ToArray() }
        : properties;

    private static List<UserProperty> Replace(IReadOnlyList<UserProperty> properties, string gatewayId, string? identity)
    {
        var user = new List<UserProperty>(properties.Count + 3);
        string? origin = null;
        string? last = null;
        string? path = null;
        foreach (var property in properties)
        {
            switch (property.Name)
            {
                case Property: last ??= property.Value; break;
                case OriginProperty: origin ??= property.Value; break;
                case PathProperty: path = path is null ? property.Value : $"{path},{property.Value}"; break;
                default: user.Add(property); break;
            }
        }

        if (identity is not null)
        {
            user.Add(new UserProperty(Property, identity));
        }

        if ((origin ?? last) is { } first)
        {
            user.Add(new UserProperty(OriginProperty, first));
        }

        user.Add(new UserProperty(PathProperty, string.IsNullOrEmpty(path) ? gatewayId : $"{path},{gatewayId}"));
        return user;
    }
}
