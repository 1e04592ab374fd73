using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Gateway.Adapters.Dbus;

/// <summary>Reads values of either byte order out of a span whose first byte lies at a multiple of eight. Every length is checked before it is used; what is wrong ends it, without an exception.</summary>
internal ref struct DbusReader(ReadOnlySpan<byte> bytes, bool isBigEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly bool _isBigEndian = isBigEndian;
    private int _values;

    /// <summary>What is wrong with the bytes; null: nothing.</summary>
    public string? Problem { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads one value for each type of a signature.</summary>
    public bool TryRead(ReadOnlySpan<char> signature, out DbusValue[] values)
    {
        values = [];
        if (!DbusSignature.IsValid(signature))
        {
            return Fail("a signature that is none");
        }

        var list = new List<DbusValue>();
        while (!signature.IsEmpty)
        {
            var length = DbusSignature.First(signature);
            if (!TryValue(signature[..length], 0, out var value))
            {
                return false;
            }

            list.Add(value);
            signature = signature[length..];
        }

        values = [.. list];
        return true;
    }

    /// <summary>Goes on to a multiple of so many bytes; what is skipped must be zero ("Marshaling").</summary>
    public bool TryAlign(int alignment)
    {
        var start = (Position + alignment - 1) & -alignment;
        if (start > _bytes.Length)
        {
            return Fail("cut short");
        }

        if (_bytes[Position..start].ContainsAnyExcept((byte)0))
        {
            return Fail("padding that is not zero");
        }

        Position = start;
        return true;
    }

    private bool TryValue(ReadOnlySpan<char> type, int depth, out DbusValue value)
    {
        value = default;
        if (depth > DbusLimits.Depth || ++_values > DbusLimits.Values)
        {
            return Fail(depth > DbusLimits.Depth ? "nested too deeply" : "too many values");
        }

        switch (type[0])
        {
            case 's' or 'o':
                return TryText(type[0], out value);
            case 'g':
                return TrySignature(out value);
            case 'v':
                return TryVariant(depth, out value);
            case 'a':
                return TryArray(type[1..], depth, out value);
            case '(' or '{':
                return TryFields(type, depth, out value);
            default:
                return TryNumber(type[0], out value);
        }
    }

    private bool TryNumber(char type, out DbusValue value)
    {
        value = default;
        var size = DbusSignature.Alignment(type);
        if (!TryAlign(size) || !TryTake(size, out var raw))
        {
            return false;
        }

        var bits = size switch
        {
            1 => raw[0],
            2 => _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(raw) : BinaryPrimitives.ReadUInt16LittleEndian(raw),
            4 => _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(raw) : BinaryPrimitives.ReadUInt32LittleEndian(raw),
            _ => _isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(raw) : BinaryPrimitives.ReadUInt64LittleEndian(raw),
        };
        if (type == 'b' && bits > 1)
        {
            return Fail("a boolean that is neither 0 nor 1");
        }

        value = DbusValue.OfBits(type, type switch { 'n' => unchecked((ulong)(short)bits), 'i' => unchecked((ulong)(int)bits), _ => bits });
        return true;
    }

    private bool TryText(char type, out DbusValue value)
    {
        value = default;
        if (!TryLength(out var length) || !TryTake(length, out var raw) || !TryTake(1, out var end))
        {
            return false;
        }

        if (end[0] != 0 || raw.Contains((byte)0) || !Utf8.IsValid(raw))
        {
            return Fail("text that is not UTF-8 up to one NUL");
        }

        var text = Encoding.UTF8.GetString(raw);
        if (type == 'o' && !DbusPath.IsValid(text))
        {
            return Fail("an object path that is none");
        }

        value = DbusValue.OfText(type, text);
        return true;
    }

    private bool TrySignature(out DbusValue value)
    {
        value = default;
        if (!TryTake(1, out var length) || !TryTake(length[0], out var raw) || !TryTake(1, out var end))
        {
            return false;
        }

        var text = Encoding.Latin1.GetString(raw);
        if (end[0] != 0 || !DbusSignature.IsValid(text))
        {
            return Fail("a signature that is none");
        }

        value = DbusValue.OfText('g', text);
        return true;
    }

    private bool TryVariant(int depth, out DbusValue value)
    {
        value = default;
        if (!TrySignature(out var signature))
        {
            return false;
        }

        var type = signature.AsString()!;
        if (!DbusSignature.IsSingleType(type))
        {
            return Fail("a variant that is not of one type");
        }

        if (!TryValue(type, depth + 1, out var content))
        {
            return false;
        }

        value = DbusValue.Variant(content);
        return true;
    }

    private bool TryArray(ReadOnlySpan<char> element, int depth, out DbusValue value)
    {
        value = default;
        if (!TryLength(out var length) || !TryAlign(DbusSignature.Alignment(element[0])))
        {
            return false;
        }

        if (length > DbusLimits.Array || length > _bytes.Length - Position)
        {
            return Fail("an array that is longer than its message");
        }

        if (element is "y")
        {
            _ = TryTake(length, out var raw);
            value = DbusValue.Bytes(raw.ToArray());
            return true;
        }

        var end = Position + length;
        var items = new List<DbusValue>();
        while (Position < end)
        {
            if (!TryValue(element, depth + 1, out var item))
            {
                return false;
            }

            items.Add(item);
        }

        if (Position != end)
        {
            return Fail("an array whose last element is longer than it");
        }

        value = DbusValue.Array(element.ToString(), items);
        return true;
    }

    private bool TryFields(ReadOnlySpan<char> type, int depth, out DbusValue value)
    {
        value = default;
        if (!TryAlign(8))
        {
            return false;
        }

        var fields = new List<DbusValue>(2);
        for (var rest = type[1..^1]; !rest.IsEmpty;)
        {
            var length = DbusSignature.First(rest);
            if (!TryValue(rest[..length], depth + 1, out var field))
            {
                return false;
            }

            fields.Add(field);
            rest = rest[length..];
        }

        value = type[0] == '(' ? DbusValue.Struct([.. fields]) : DbusValue.Entry(fields[0], fields[1]);
        return true;
    }

    private bool TryLength(out int length)
    {
        length = 0;
        if (!TryNumber('u', out var value))
        {
            return false;
        }

        if (value.Bits > DbusLimits.Message)
        {
            return Fail("a length beyond its message");
        }

        length = (int)value.Bits;
        return true;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> taken)
    {
        if (count > _bytes.Length - Position)
        {
            taken = default;
            return Fail("cut short");
        }

        taken = _bytes.Slice(Position, count);
        Position += count;
        return true;
    }

    private bool Fail(string problem)
    {
        Problem ??= problem;
        return false;
    }
}
