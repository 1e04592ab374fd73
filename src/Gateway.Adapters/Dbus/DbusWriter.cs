using System.Buffers.Binary;
using System.Text;

namespace Gateway.Adapters.Dbus;

/// <summary>Writes values in little-endian order, aligned from its own first byte on (D-Bus 0.42 "Marshaling").</summary>
internal sealed class DbusWriter
{
    private byte[] _buffer = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public byte[] ToArray() => Written.ToArray();

    public void Align(int alignment) => Take(-Length & (alignment - 1)).Clear();

    /// <summary>Corrects four bytes that were written before.</summary>
    public void Patch(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(at), value);

    public void Write(in DbusValue value)
    {
        switch (value.Type)
        {
            case 's' or 'o':
                WriteText(value.AsString()!);
                break;
            case 'g':
                WriteSignature(value.AsString()!);
                break;
            case 'v':
                WriteSignature(value.Content.FullType);
                Write(value.Content);
                break;
            case 'a':
                WriteArray(value);
                break;
            case '(' or '{':
                Align(8);
                foreach (var field in value.Items)
                {
                    Write(field);
                }

                break;
            case '\0':
                throw new ArgumentException("nothing cannot be written", nameof(value));
            default:
                WriteNumber(DbusSignature.Alignment(value.Type), value.Bits);
                break;
        }
    }

    private void WriteNumber(int size, ulong bits)
    {
        Align(size);
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(all, bits);
        all[..size].CopyTo(Take(size));
    }

    private void WriteText(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        WriteNumber(4, (uint)count);
        var room = Take(count + 1);
        Encoding.UTF8.GetBytes(text, room);
        room[count] = 0;
    }

    private void WriteSignature(string signature)
    {
        var room = Take(signature.Length + 2);
        room[0] = (byte)signature.Length;
        Encoding.Latin1.GetBytes(signature, room[1..]);
        room[^1] = 0;
    }

    /// <summary>The length counts neither itself nor the padding before the first element, which is there without elements too.</summary>
    private void WriteArray(in DbusValue array)
    {
        WriteNumber(4, 0);
        var lengthAt = Length - 4;
        if (array.AsBytes() is { } bytes)
        {
            bytes.Span.CopyTo(Take(bytes.Length));
        }
        else
        {
            Align(DbusSignature.Alignment(array.FullType[1]));
        }

        var start = array.AsBytes() is null ? Length : lengthAt + 4;
        foreach (var item in array.Items)
        {
            Write(item);
        }

        Patch(lengthAt, (uint)(Length - start));
    }

    private Span<byte> Take(int count)
    {
        if (Length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        var room = _buffer.AsSpan(Length, count);
        Length += count;
        return room;
    }
}
