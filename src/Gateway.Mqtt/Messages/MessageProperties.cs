using System.Buffers.Binary;

namespace Gateway.Mqtt;

/// <summary>The properties of a PUBLISH that belong to the application message and travel with it from end to end (MQTT 5.0 §3.3.2.3).</summary>
/// <remarks>Properties of one hop (Topic Alias, Subscription Identifier) are not here.</remarks>
public sealed record MessageProperties
{
    /// <summary>No property at all; shared, so that messages of 3.1.1 cost nothing.</summary>
    public static readonly MessageProperties None = new();

    /// <summary>Payload Format Indicator: true is UTF-8 text (1), false unspecified bytes (0), null absent, which means the same as 0 and yet is passed on as it came (§3.3.2.3.2).</summary>
    public bool? IsUtf8 { get; init; }

    /// <summary>Message Expiry Interval in seconds, as received; null: never expires (§3.3.2.3.3).</summary>
    public uint? MessageExpiryInterval { get; init; }

    /// <summary>Content Type (§3.3.2.3.9).</summary>
    public string? ContentType { get; init; }

    /// <summary>Response Topic (§3.3.2.3.5).</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Correlation Data (§3.3.2.3.6); null: absent, which differs from empty.</summary>
    public ReadOnlyMemory<byte>? CorrelationData { get; init; }

    /// <summary>User Properties in the order in which they came (§3.3.2.3.7); a name may occur more than once.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>The first User Property of this name, or null.</summary>
    public string? User(string name)
    {
        foreach (var property in UserProperties)
        {
            if (property.Name == name)
            {
                return property.Value;
            }
        }

        return null;
    }
}

/// <summary>A User Property: two UTF-8 strings (MQTT 5.0 §2.2.2.2).</summary>
public readonly record struct UserProperty(string Name, string Value)
{
    /// <summary>Encodes one: identifier, name, value (MQTT 5.0 §3.3.2.3.7).</summary>
    /// <param name="target">5 bytes more than name and value.</param>
    /// <param name="name">UTF-8.</param>
    /// <param name="value">UTF-8.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        target[0] = (byte)PropertyId.UserProperty;
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], checked((ushort)name.Length));
        name.CopyTo(target[3..]);
        BinaryPrimitives.WriteUInt16BigEndian(target[(3 + name.Length)..], checked((ushort)value.Length));
        value.CopyTo(target[(5 + name.Length)..]);
        return 5 + name.Length + value.Length;
    }
}
