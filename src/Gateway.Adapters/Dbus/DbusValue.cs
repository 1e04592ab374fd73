using System.Globalization;

namespace Gateway.Adapters.Dbus;

/// <summary>One value of any type. What it is not reads as nothing (null, empty), so that a peer's strange answer is never an exception.</summary>
internal readonly struct DbusValue
{
    private readonly ulong _bits;
    private readonly object? _held;

    private DbusValue(char type, ulong bits, object? held = null) => (Type, _bits, _held) = (type, bits, held);

    /// <summary>Type code: a basic type's, <c>a</c>, <c>v</c>, <c>(</c> for a struct, <c>{</c> for an entry of a dictionary; NUL: no value.</summary>
    public char Type { get; }

    public static DbusValue Byte(byte value) => new('y', value);

    public static DbusValue Boolean(bool value) => new('b', value ? 1u : 0u);

    public static DbusValue Int16(short value) => new('n', unchecked((ulong)value));

    public static DbusValue UInt16(ushort value) => new('q', value);

    public static DbusValue Int32(int value) => new('i', unchecked((ulong)value));

    public static DbusValue UInt32(uint value) => new('u', value);

    public static DbusValue Int64(long value) => new('x', unchecked((ulong)value));

    public static DbusValue UInt64(ulong value) => new('t', value);

    public static DbusValue Double(double value) => new('d', BitConverter.DoubleToUInt64Bits(value));

    /// <summary>Index of a file descriptor that came beside the message; descriptors are never agreed on here.</summary>
    public static DbusValue UnixFd(uint index) => new('h', index);

    /// <param name="text">Without NUL, which ends strings on the wire.</param>
    public static DbusValue String(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("D-Bus strings hold no NUL", nameof(text)) : new('s', 0, text);

    public static DbusValue ObjectPath(string path) => DbusPath.IsValid(path) ? new('o', 0, path) : throw new ArgumentException($"'{path}' is no object path", nameof(path));

    public static DbusValue Signature(string signature) =>
        DbusSignature.IsValid(signature) ? new('g', 0, signature) : throw new ArgumentException($"'{signature}' is no signature", nameof(signature));

    /// <summary><c>ay</c>, as what it is.</summary>
    public static DbusValue Bytes(ReadOnlyMemory<byte> bytes) => new('a', 0, new ByteString(bytes));

    public static DbusValue Array(string elementSignature, params IReadOnlyList<DbusValue> items) =>
        elementSignature == "y" ? Bytes(items.Select(i => (byte)i._bits).ToArray()) : new('a', 0, new DbusArray(elementSignature, items));

    public static DbusValue Struct(params DbusValue[] fields) => new('(', 0, fields);

    public static DbusValue Entry(DbusValue key, DbusValue value) => new('{', 0, new[] { key, value });

    public static DbusValue Variant(DbusValue value) => new('v', 0, new Box(value));

    /// <summary><c>a{sv}</c>.</summary>
    public static DbusValue Properties(params IEnumerable<(string Name, DbusValue Value)> properties) =>
        Array("{sv}", [.. properties.Select(p => Entry(String(p.Name), Variant(p.Value)))]);

    /// <summary>What a variant holds; anything else is itself.</summary>
    public DbusValue Content => _held is Box box ? box.Value : this;

    /// <summary>Text of a string, an object path or a signature.</summary>
    public string? AsString() => Content._held as string;

    public bool? AsBoolean() => Content is { Type: 'b' } value ? value._bits != 0 : null;

    /// <summary>Any integer that fits.</summary>
    public long? AsInt64() => Content is { Type: 'y' or 'n' or 'q' or 'i' or 'u' or 'x' or 'h' or 't' } value && (value.Type != 't' || value._bits <= long.MaxValue) ? unchecked((long)value._bits) : null;

    public double? AsDouble() => Content is { Type: 'd' } value ? BitConverter.UInt64BitsToDouble(value._bits) : null;

    /// <summary>The bytes of <c>ay</c>.</summary>
    public ReadOnlyMemory<byte>? AsBytes() => Content._held is ByteString bytes ? bytes.Bytes : default(ReadOnlyMemory<byte>?);

    /// <summary>Elements of an array, fields of a struct, key and value of an entry.</summary>
    public IReadOnlyList<DbusValue> Items => Content._held switch { DbusArray array => array.Items, DbusValue[] fields => fields, _ => [] };

    /// <summary>The value of an entry of a dictionary with text for keys, out of its variant; no value if it is not there.</summary>
    public DbusValue this[string key]
    {
        get
        {
            foreach (var entry in Items)
            {
                if (entry is { Type: '{', _held: DbusValue[] pair } && pair[0]._held is string name && name == key)
                {
                    return pair[1].Content;
                }
            }

            return default;
        }
    }

    /// <summary>Its type in full.</summary>
    public string FullType => _held switch
    {
        ByteString => "ay",
        DbusArray array => "a" + array.ElementSignature,
        DbusValue[] fields => Type + string.Concat(fields.Select(f => f.FullType)) + (Type == '(' ? ')' : '}'),
        _ => Type.ToString(),
    };

    internal ulong Bits => _bits;

    /// <summary>As a value of a basic type is kept: signed ones with their sign in all 64 bits.</summary>
    internal static DbusValue OfBits(char type, ulong bits) => new(type, bits);

    /// <summary>Text that was checked by the reader.</summary>
    internal static DbusValue OfText(char type, string text) => new(type, 0, text);

    /// <summary>For people.</summary>
    public override string ToString() => _held switch
    {
        string text => $"'{text}'",
        ByteString bytes => Convert.ToHexString(bytes.Bytes.Span),
        DbusArray array => $"[{string.Join(", ", array.Items)}]",
        DbusValue[] fields => Type == '(' ? $"({string.Join(", ", fields)})" : $"{fields[0]}: {fields[1]}",
        Box box => $"<{box.Value}>",
        _ => Type switch
        {
            'b' => _bits != 0 ? "true" : "false",
            'd' => BitConverter.UInt64BitsToDouble(_bits).ToString("R", CultureInfo.InvariantCulture),
            'n' or 'i' or 'x' => unchecked((long)_bits).ToString(CultureInfo.InvariantCulture),
            '\0' => "",
            _ => _bits.ToString(CultureInfo.InvariantCulture),
        },
    };

    private sealed record Box(DbusValue Value);

    private sealed record ByteString(ReadOnlyMemory<byte> Bytes);
}
