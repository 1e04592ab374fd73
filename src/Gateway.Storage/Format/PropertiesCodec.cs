using System.Text;
using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>The end-to-end properties of a message: one byte that says which are there, then these in order, then the user properties.</summary>
internal static class PropertiesCodec
{
    private const byte Utf8Flag = 0x01;
    private const byte ExpiryFlag = 0x02;
    private const byte ContentTypeFlag = 0x04;
    private const byte ResponseTopicFlag = 0x08;
    private const byte CorrelationFlag = 0x10;
    private const byte NotUtf8Flag = 0x20;

    public static long LengthBound(MessageProperties properties)
    {
        var length = 64L + (properties.CorrelationData?.Length ?? 0)
            + Encoding.UTF8.GetMaxByteCount(properties.ContentType?.Length ?? 0)
            + Encoding.UTF8.GetMaxByteCount(properties.ResponseTopic?.Length ?? 0);
        for (var i = 0; i < properties.UserProperties.Count; i++)
        {
            var (name, value) = properties.UserProperties[i];
            length += 20 + Encoding.UTF8.GetMaxByteCount(name.Length) + Encoding.UTF8.GetMaxByteCount(value.Length);
        }

        return length;
    }

    public static void Write(ByteBuffer buffer, MessageProperties properties)
    {
        buffer.Byte((byte)((properties.IsUtf8 switch { true => Utf8Flag, false => NotUtf8Flag, null => 0 })
            | (properties.MessageExpiryInterval is null ? 0 : ExpiryFlag)
            | (properties.ContentType is null ? 0 : ContentTypeFlag)
            | (properties.ResponseTopic is null ? 0 : ResponseTopicFlag)
            | (properties.CorrelationData is null ? 0 : CorrelationFlag)));
        if (properties.MessageExpiryInterval is { } expiry)
        {
            buffer.Number(expiry);
        }

        if (properties.ContentType is { } contentType)
        {
            buffer.Text(contentType);
        }

        if (properties.ResponseTopic is { } responseTopic)
        {
            buffer.Text(responseTopic);
        }

        if (properties.CorrelationData is { } correlation)
        {
            buffer.Block(correlation.Span);
        }

        buffer.Number((ulong)properties.UserProperties.Count);
        for (var i = 0; i < properties.UserProperties.Count; i++)
        {
            buffer.Text(properties.UserProperties[i].Name);
            buffer.Text(properties.UserProperties[i].Value);
        }
    }

    public static MessageProperties Read(ref ByteReader reader)
    {
        var flags = reader.Byte();
        uint? expiry = (flags & ExpiryFlag) != 0 ? (uint)reader.Number() : null;
        var contentType = (flags & ContentTypeFlag) != 0 ? reader.Text() : null;
        var responseTopic = (flags & ResponseTopicFlag) != 0 ? reader.Text() : null;

        // Without the cast the null would become empty data, which is sent.
        var correlation = (flags & CorrelationFlag) != 0 ? reader.Block().ToArray() : (ReadOnlyMemory<byte>?)null;
        var user = new List<UserProperty>();
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            user.Add(new UserProperty(reader.Text(), reader.Text()));
        }

        return new MessageProperties
        {
            IsUtf8 = (flags & (Utf8Flag | NotUtf8Flag)) switch { 0 => null, var format => format == Utf8Flag },
            MessageExpiryInterval = expiry,
            ContentType = contentType,
            ResponseTopic = responseTopic,
            CorrelationData = correlation,
            UserProperties = user,
        };
    }
}
