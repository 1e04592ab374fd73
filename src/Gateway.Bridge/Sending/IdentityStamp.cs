using System.Globalization;
using System.Text;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Puts <c>gw</c> and <c>gw-path</c> on the entries of one stream. Most have no User Properties of their own: for those nothing is made, only one buffer written anew.</summary>
internal sealed class IdentityStamp(string gatewayId, StreamId stream)
{
    private static readonly byte[] s_property = Encoding.UTF8.GetBytes(GatewayIdentity.Property);
    private static readonly byte[] s_pathProperty = Encoding.UTF8.GetBytes(GatewayIdentity.PathProperty);

    /// <summary>Two ids of 63, a lane, an epoch, a number, a previous epoch, and the path: less than 320.</summary>
    private readonly byte[] _encoded = new byte[512];
    private readonly byte[] _value = new byte[256];
    private readonly byte[] _path = Encoding.UTF8.GetBytes(gatewayId);
    private (ulong Epoch, string Text, int Length)? _prefix;

    /// <summary>The message as it leaves.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="identity">Its number.</param>
    /// <returns>What is sent, and behind its own properties this; the bytes hold until the next call.</returns>
    public (MqttMessage Message, ReadOnlyMemory<byte> Stamp) On(MqttMessage message, EntryIdentity identity)
    {
        var prefix = PrefixOf(identity.Epoch);
        return message.Properties.UserProperties.Count == 0
            ? (message, Encode(prefix.Length, identity))
            : (message with { Properties = GatewayIdentity.Stamp(message.Properties, gatewayId, GatewayIdentity.Format(prefix.Text, identity)) }, default);
    }

    private (ulong Epoch, string Text, int Length) PrefixOf(ulong epoch)
    {
        if (_prefix is not { } known || known.Epoch != epoch)
        {
            var text = GatewayIdentity.Prefix(gatewayId, stream, epoch);
            _prefix = known = (epoch, text, Encoding.UTF8.GetBytes(text, _value));
        }

        return known;
    }

    private ReadOnlyMemory<byte> Encode(int prefix, EntryIdentity identity)
    {
        identity.Number.TryFormat(_value.AsSpan(prefix), out var digits, provider: CultureInfo.InvariantCulture);
        var length = prefix + digits;
        if (identity.Previous is { } previous)
        {
            _value[length++] = (byte)';';
            previous.TryFormat(_value.AsSpan(length), out digits, "x16", CultureInfo.InvariantCulture);
            length += digits;
        }

        var at = UserProperty.Write(_encoded, s_property, _value.AsSpan(0, length));
        at += UserProperty.Write(_encoded.AsSpan(at), s_pathProperty, _path);
        return _encoded.AsMemory(0, at);
    }
}
