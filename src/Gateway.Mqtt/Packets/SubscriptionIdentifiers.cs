namespace Gateway.Mqtt;

/// <summary>The Subscription Identifiers of all subscriptions that a PUBLISH answers, as its properties say them (MQTT 5.0 §3.3.2.3.8).</summary>
/// <remarks>Filled by one thread; once handed on it is not changed any more.</remarks>
public sealed class SubscriptionIdentifiers
{
    /// <summary>Property identifier and the longest Variable Byte Integer.</summary>
    private const int LargestEntry = 5;

    private byte[] _bytes = new byte[LargestEntry];
    private int _length;

    /// <summary>What stands among the properties.</summary>
    public ReadOnlyMemory<byte> Encoded => _bytes.AsMemory(0, _length);

    /// <summary>Adds one.</summary>
    /// <param name="identifiers">What there is already; null: none.</param>
    /// <param name="identifier">1 to 268,435,455; null: the subscription has none.</param>
    /// <returns>null: there is none.</returns>
    public static SubscriptionIdentifiers? With(SubscriptionIdentifiers? identifiers, int? identifier)
    {
        if (identifier is not { } value)
        {
            return identifiers;
        }

        identifiers ??= new SubscriptionIdentifiers();
        identifiers.Add(value);
        return identifiers;
    }

    private void Add(int identifier)
    {
        if (_bytes.Length - _length < LargestEntry)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        _bytes[_length++] = (byte)PropertyId.SubscriptionIdentifier;
        _length += PacketFramer.WriteLength(_bytes.AsSpan(_length), identifier);
    }
}
