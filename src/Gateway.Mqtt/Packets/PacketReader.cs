using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Mqtt;

/// <summary>Reads the fields of one packet's body. The first field that does not fit makes it fail, and all later ones are empty.</summary>
internal ref struct PacketReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public bool Failed { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    /// <summary>What is left, and nothing is left after that.</summary>
    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    public byte Byte()
    {
        var bytes = Take(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    /// <summary>Two Byte Integer (§1.5.2).</summary>
    public ushort UInt16()
    {
        var bytes = Take(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Four Byte Integer (§1.5.3).</summary>
    public uint UInt32()
    {
        var bytes = Take(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>Variable Byte Integer (§1.5.5).</summary>
    public int VariableByteInteger()
    {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var b = Byte();
            value |= (b & 0x7F) << shift;
            if (b < 0x80)
            {
                Failed |= b == 0 && shift > 0;
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    /// <summary>UTF-8 Encoded String: well-formed, without U+0000 (§1.5.4).</summary>
    public string String()
    {
        var bytes = Take(UInt16());
        if (bytes.IsEmpty)
        {
            return "";
        }

        if (!IsText(bytes))
        {
            Failed = true;
            return "";
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The bytes of a UTF-8 Encoded String, not yet validated.</summary>
    public ReadOnlySpan<byte> StringBytes() => Take(UInt16());

    /// <summary>Binary Data (§1.5.6), copied.</summary>
    public byte[] Binary() => Take(UInt16()).ToArray();

    /// <summary>The next <paramref name="length"/> bytes as a reader of their own.</summary>
    public PacketReader Section(int length) => new(Take(length)) { Failed = Failed };

    public static bool IsText(ReadOnlySpan<byte> bytes) => !bytes.Contains((byte)0) && Utf8.IsValid(bytes);

    private ReadOnlySpan<byte> Take(int length)
    {
        if (Failed || length > _rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
