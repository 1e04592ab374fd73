using System.Text;
using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

/// <summary>The specification's rules once more, byte by byte and in either order, to hold the product's against.</summary>
internal sealed class ReferenceMarshaller(bool big)
{
    private readonly List<byte> _bytes = [];

    public byte[] Bytes => [.. _bytes];

    public void Write(DbusValue value)
    {
        switch (value.Type)
        {
            case 'y': _bytes.Add((byte)value.AsInt64()!); break;
            case 'b': Number(4, value.AsBoolean() == true ? 1UL : 0); break;
            case 'n' or 'q': Number(2, unchecked((ulong)value.AsInt64()!.Value)); break;
            case 'i' or 'u' or 'h': Number(4, unchecked((ulong)value.AsInt64()!.Value)); break;
            case 'x': Number(8, unchecked((ulong)value.AsInt64()!.Value)); break;
            case 't': Number(8, ulong.Parse(value.ToString())); break;
            case 'd': Number(8, BitConverter.DoubleToUInt64Bits(value.AsDouble()!.Value)); break;
            case 's' or 'o':
                Number(4, (ulong)Encoding.UTF8.GetByteCount(value.AsString()!));
                _bytes.AddRange(Encoding.UTF8.GetBytes(value.AsString()!));
                _bytes.Add(0);
                break;
            case 'g': Signature(value.AsString()!); break;
            case 'v':
                Signature(value.Content.FullType);
                Write(value.Content);
                break;
            case 'a': Array(value); break;
            default:
                Pad(8);
                value.Items.ToList().ForEach(Write);
                break;
        }
    }

    private void Array(DbusValue array)
    {
        Number(4, 0);
        var at = _bytes.Count - 4;
        Pad(array.FullType[1] switch { 'x' or 't' or 'd' or '(' or '{' => 8, 'y' or 'g' or 'v' => 1, 'n' or 'q' => 2, _ => 4 });
        var start = _bytes.Count;
        if (array.AsBytes() is { } bytes)
        {
            _bytes.AddRange(bytes.ToArray());
        }

        array.Items.ToList().ForEach(Write);
        var length = BitConverter.GetBytes(_bytes.Count - start);
        for (var i = 0; i < 4; i++)
        {
            _bytes[at + i] = length[big ? 3 - i : i];
        }
    }

    private void Signature(string signature)
    {
        _bytes.Add((byte)signature.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(signature));
        _bytes.Add(0);
    }

    private void Number(int size, ulong bits)
    {
        Pad(size);
        var bytes = BitConverter.GetBytes(bits)[..size];
        _bytes.AddRange(big ? bytes.Reverse() : bytes);
    }

    private void Pad(int alignment)
    {
        while (_bytes.Count % alignment != 0)
        {
            _bytes.Add(0);
        }
    }
}
