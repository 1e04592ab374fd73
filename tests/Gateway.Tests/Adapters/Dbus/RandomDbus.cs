using System.Text;
using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

/// <summary>Signatures, values and messages by chance.</summary>
internal sealed class RandomDbus(Random random)
{
    private static readonly string[] s_texts = ["", "a", "org.bluez", "°C", "ἀγορά", "🌡 21.5", new string('x', 300)];

    private static readonly string[] s_paths = ["/", "/org/bluez/hci0", "/org/bluez/hci0/dev_AA_BB_CC_DD_EE_FF"];

    /// <summary>One complete type.</summary>
    public string Type(int depth) => (depth == 0 ? 0 : random.Next(6)) switch
    {
        2 => "a" + Type(depth - 1),
        3 => $"({string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Type(depth - 1)))})",
        4 => $"a{{{Basic()}{Type(depth - 1)}}}",
        5 => "v",
        _ => Basic(),
    };

    public DbusValue Value(ReadOnlySpan<char> type, int depth = 3)
    {
        switch (type[0])
        {
            case 'b': return DbusValue.Boolean(random.Next(2) == 1);
            case 's': return DbusValue.String(s_texts[random.Next(s_texts.Length)]);
            case 'o': return DbusValue.ObjectPath(s_paths[random.Next(s_paths.Length)]);
            case 'g': return DbusValue.Signature(Type(3));
            case 'v': return DbusValue.Variant(Value(Type(Math.Max(depth, 0)), depth - 1));
            case 'a':
                var element = type[1..].ToString();
                return DbusValue.Array(element, [.. Enumerable.Range(0, random.Next(depth < 0 ? 1 : 4)).Select(_ => Value(element, depth - 1))]);
            case '(' or '{':
                var fields = new List<DbusValue>();
                for (var rest = type[1..^1]; !rest.IsEmpty; rest = rest[DbusSignature.First(rest)..])
                {
                    fields.Add(Value(rest[..DbusSignature.First(rest)], depth - 1));
                }

                return type[0] == '(' ? DbusValue.Struct([.. fields]) : DbusValue.Entry(fields[0], fields[1]);
            default:
                var bits = unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
                return type[0] switch
                {
                    'y' => DbusValue.Byte((byte)bits),
                    'n' => DbusValue.Int16((short)bits),
                    'q' => DbusValue.UInt16((ushort)bits),
                    'i' => DbusValue.Int32((int)bits),
                    'u' => DbusValue.UInt32((uint)bits),
                    'x' => DbusValue.Int64((long)bits),
                    't' => DbusValue.UInt64(bits),
                    'd' => DbusValue.Double(BitConverter.UInt64BitsToDouble(bits)),
                    _ => DbusValue.UnixFd((uint)bits),
                };
        }
    }

    public DbusMessage Message() => new((DbusMessageKind)random.Next(1, 5))
    {
        Flags = (DbusFlags)random.Next(8),
        Path = s_paths[random.Next(s_paths.Length)],
        Interface = "org.freedesktop.DBus.Properties",
        Member = "PropertiesChanged",
        ErrorName = "org.bluez.Error.Failed",
        ReplySerial = (uint)random.Next(1, int.MaxValue),
        Destination = random.Next(2) == 0 ? null : ":1.7",
        Body = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(Type(4)))],
    };

    /// <summary>Some bytes changed, cut off, doubled or inserted.</summary>
    public byte[] Mutate(byte[] bytes)
    {
        var list = bytes.ToList();
        for (var i = random.Next(1, 5); i > 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: list.RemoveRange(at, random.Next(list.Count - at)); break;
                case 3: list.Insert(at, (byte)random.Next(256)); break;
                default: list.InsertRange(at, list.GetRange(at, Math.Min(8, list.Count - at))); break;
            }
        }

        return [.. list];
    }

    public static string Text(IEnumerable<DbusValue> values) => new StringBuilder().AppendJoin(' ', values.Select(v => $"{v.FullType} {v}")).ToString();

    private string Basic() => DbusSignature.Basic[random.Next(DbusSignature.Basic.Length)].ToString();
}
