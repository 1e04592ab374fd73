using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gateway.Mqtt;

/// <summary>Builds a packet whose length is not known beforehand. PUBLISH and its acknowledgements do not come this way.</summary>
internal sealed class PacketBuilder
{
    [ThreadStatic]
    private static PacketBuilder? s_body;

    [ThreadStatic]
    private static PacketBuilder? s_properties;

    private readonly ArrayBufferWriter<byte> _bytes = new(256);

    private PacketBuilder()
    {
    }

    /// <summary>The thread's builder for a body, emptied.</summary>
    public static PacketBuilder Body() => Emptied(ref s_body);

    /// <summary>The thread's builder for a property section, emptied.</summary>
    public static PacketBuilder Properties() => Emptied(ref s_properties);

    public PacketBuilder Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
        return this;
    }

    public PacketBuilder UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
        return this;
    }

    public PacketBuilder UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public PacketBuilder VariableByteInteger(int value)
    {
        _bytes.Advance(PacketFramer.WriteLength(_bytes.GetSpan(4), value));
        return this;
    }

    public PacketBuilder String(string value)
    {
        UInt16(checked((ushort)Encoding.UTF8.GetByteCount(value)));
        Encoding.UTF8.GetBytes(value, _bytes);
        return this;
    }

    public PacketBuilder Binary(ReadOnlySpan<byte> value)
    {
        UInt16(checked((ushort)value.Length));
        _bytes.Write(value);
        return this;
    }

    public PacketBuilder Property(PropertyId id, byte? value) => value is { } v ? Byte((byte)id).Byte(v) : this;

    public PacketBuilder Property(PropertyId id, bool? value) => value is { } v ? Byte((byte)id).Byte(v ? (byte)1 : (byte)0) : this;

    public PacketBuilder Property(PropertyId id, ushort? value) => value is { } v ? Byte((byte)id).UInt16(v) : this;

    public PacketBuilder Property(PropertyId id, uint? value) => value is { } v ? Byte((byte)id).UInt32(v) : this;

    public PacketBuilder Property(PropertyId id, string? value) => value is { } v ? Byte((byte)id).String(v) : this;

    public PacketBuilder Property(PropertyId id, ReadOnlyMemory<byte>? value) => value is { } v ? Byte((byte)id).Binary(v.Span) : this;

    public PacketBuilder Property(IReadOnlyList<UserProperty> properties)
    {
        for (var i = 0; i < properties.Count; i++)
        {
            Byte((byte)PropertyId.UserProperty).String(properties[i].Name).String(properties[i].Value);
        }

        return this;
    }

    /// <summary>The End-to-end properties of a message (a will, or a PUBLISH).</summary>
    public PacketBuilder Property(MessageProperties properties, uint? expiry) =>
        Property(PropertyId.PayloadFormatIndicator, properties.IsUtf8)
            .Property(PropertyId.MessageExpiryInterval, expiry)
            .Property(PropertyId.ContentType, properties.ContentType)
            .Property(PropertyId.ResponseTopic, properties.ResponseTopic)
            .Property(PropertyId.CorrelationData, properties.CorrelationData)
            .Property(properties.UserProperties);

    /// <summary>Property Length and properties (§2.2.2).</summary>
    public PacketBuilder Section(PacketBuilder properties)
    {
        VariableByteInteger(properties._bytes.WrittenCount);
        return Raw(properties._bytes.WrittenSpan);
    }

    public PacketBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Fixed header and body.</summary>
    public void WriteTo(IBufferWriter<byte> output, byte header)
    {
        var target = output.GetSpan(5 + Length);
        target[0] = header;
        var size = 1 + PacketFramer.WriteLength(target[1..], Length);
        Written.CopyTo(target[size..]);
        output.Advance(size + Length);
    }

    private static PacketBuilder Emptied(ref PacketBuilder? slot)
    {
        slot ??= new PacketBuilder();
        slot._bytes.ResetWrittenCount();
        return slot;
    }
}
