using System.Buffers.Binary;
using System.Text;

namespace Gateway.Storage;

/// <summary>Reads what <see cref="ByteBuffer"/> wrote. A length that reaches beyond the end sets <see cref="Failed"/> and yields nothing from then on.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte()
    {
        var taken = Take(1);
        return taken.IsEmpty ? (byte)0 : taken[0];
    }

    public uint UInt32()
    {
        var taken = Take(4);
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(taken);
    }

    public ulong UInt64()
    {
        var taken = Take(8);
        return taken.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(taken);
    }

    public Guid Guid()
    {
        var taken = Take(16);
        return taken.IsEmpty ? default : new Guid(taken);
    }

    public ulong Number()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = Byte();
            value |= (ulong)(one & 0x7F) << shift;
            if (one < 0x80)
            {
                return value;
            }
        }

        Failed = true;
        return 0;
    }

    public ReadOnlySpan<byte> Block()
    {
        var length = Number();
        return length > int.MaxValue ? Take(int.MaxValue) : Take((int)length);
    }

    public string Text() => Encoding.UTF8.GetString(Block());

    public ReadOnlySpan<byte> Take(int length)
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
