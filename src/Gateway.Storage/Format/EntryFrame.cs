using System.Text;
using Gateway.Mqtt;

namespace Gateway.Storage;

/// <summary>A stream's number in the journal, the entry's number in the stream, and the topic if it is not the message's own.</summary>
internal readonly record struct EntryTarget(uint Stream, ulong Seq, string? Topic);

/// <summary>The frame of one message: delay, flags, targets, topic, properties, payload.</summary>
internal static class EntryFrame
{
    private const byte QosMask = 0x03;
    private const byte RetainFlag = 0x04;
    private const byte PropertiesFlag = 0x08;

    /// <summary>At least as long as what <see cref="Write"/> will write.</summary>
    public static long LengthBound(MqttMessage message, ReadOnlySpan<OutboxTarget> targets)
    {
        var length = 64L + message.Payload.Length + Encoding.UTF8.GetMaxByteCount(message.Topic.Length) + PropertiesCodec.LengthBound(message.Properties);
        foreach (var target in targets)
        {
            length += 32 + Encoding.UTF8.GetMaxByteCount(target.Topic?.Length ?? 0);
        }

        return length;
    }

    public static void Write(ByteBuffer buffer, MqttMessage message, ReadOnlySpan<EntryTarget> targets, long delay)
    {
        var start = Frames.Begin(buffer, FrameType.Entry);
        var properties = !ReferenceEquals(message.Properties, MessageProperties.None);
        buffer.Number((ulong)delay);
        buffer.Byte((byte)((byte)message.Qos | (message.Retain ? RetainFlag : 0) | (properties ? PropertiesFlag : 0)));
        buffer.Number((ulong)targets.Length);
        foreach (var target in targets)
        {
            buffer.Number(target.Stream);
            buffer.Number(target.Seq);
            buffer.Text(target.Topic ?? "");
        }

        buffer.Text(message.Topic);
        if (properties)
        {
            PropertiesCodec.Write(buffer, message.Properties);
        }

        buffer.Raw(message.Payload.Span);
        Frames.End(buffer, start);
    }

    /// <summary>Writes delay, flags and one target of an entry that was read.</summary>
    public static void WriteHead(ByteBuffer buffer, uint stream, in EntryHead entry)
    {
        buffer.Number(0);
        buffer.Byte(entry.Flags);
        buffer.Number(1);
        buffer.Number(stream);
        buffer.Number(entry.Seq);
        buffer.Block(entry.TargetTopic);
    }

    /// <summary>Reads delay, flags and targets, without the message.</summary>
    /// <returns>false: damaged.</returns>
    public static bool TryReadHead(ReadOnlySpan<byte> body, out EntryHead head) => TryReadHead(body, uint.MaxValue, null, out head);

    /// <summary>As above, and finds the target of one stream, or lists all.</summary>
    public static bool TryReadHead(ReadOnlySpan<byte> body, uint stream, List<EntryTarget>? all, out EntryHead head)
    {
        var reader = new ByteReader(body);
        var delay = (long)reader.Number();
        var flags = reader.Byte();
        var found = false;
        var seq = 0UL;
        ReadOnlySpan<byte> topic = default;
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            var handle = (uint)reader.Number();
            var number = reader.Number();
            var own = reader.Block();
            if (handle == stream)
            {
                found = true;
                seq = number;
                topic = own;
            }

            all?.Add(new EntryTarget(handle, number, own.IsEmpty ? null : Encoding.UTF8.GetString(own)));
        }

        head = new EntryHead { Delay = delay, Flags = flags, Wanted = found, Seq = seq, TargetTopic = topic, Rest = reader.Rest };
        return !reader.Failed;
    }

    /// <summary>What <see cref="TryReadHead(ReadOnlySpan{byte}, out EntryHead)"/> found.</summary>
    internal ref struct EntryHead
    {
        /// <summary>Milliseconds after the commit's moment.</summary>
        public long Delay;
        public byte Flags;

        /// <summary>Whether the stream that was asked for wants it.</summary>
        public bool Wanted;
        public ulong Seq;
        public ReadOnlySpan<byte> TargetTopic;

        /// <summary>Topic, properties and payload.</summary>
        public ReadOnlySpan<byte> Rest;

        public readonly bool Retain => (Flags & RetainFlag) != 0;

        public readonly ReadOnlySpan<byte> OwnTopic => new ByteReader(Rest).Block();

        /// <summary>The whole message with a payload of its own, as if it had come at this timestamp; null: damaged.</summary>
        public readonly MqttMessage? Message(TopicCache topics, long receivedAt)
        {
            var reader = new ByteReader(Rest);
            var topic = topics.Get(reader.Block());
            var properties = (Flags & PropertiesFlag) != 0 ? PropertiesCodec.Read(ref reader) : MessageProperties.None;
            return reader.Failed
                ? null
                : new MqttMessage
                {
                    Topic = topic,
                    Payload = reader.Rest.ToArray(),
                    Qos = (QualityOfService)(Flags & QosMask),
                    Retain = Retain,
                    Properties = properties,
                    ReceivedAt = receivedAt,
                };
        }
    }
}
