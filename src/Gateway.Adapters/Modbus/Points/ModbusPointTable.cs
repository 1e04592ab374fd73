using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of a Modbus point.</summary>
internal static class ModbusPointTable
{
    private static readonly ChoiceKind<ModbusType> Types =
        Kinds.Choice([.. Enum.GetValues<ModbusType>().Select(t => (t.Word(), t))])
            .NotYet("int8", "uint8", "float16", "bcd16", "bcd32", "string", "bytes", "bit")
            .Refuse("float", "\"float\" does not say how long", "write float32 (2 registers) or float64 (4)")
            .Refuse("double", "\"double\" is called float64 here", "write float64")
            .Refuse("int", "\"int\" does not say how long", "write int16, int32 or int64")
            .Refuse("uint", "\"uint\" does not say how long", "write uint16, uint32 or uint64")
            .Refuse("word", "\"word\" is called uint16 here", "write uint16")
            .Refuse("dword", "\"dword\" is called uint32 here", "write uint32");

    private static readonly ChoiceKind<ByteOrder> Orders =
        Kinds.Choice([.. Enum.GetValues<ByteOrder>().Select(o => (o.Word(), o))])
            .Refuse("AB", "\"AB\" is the order of 16 bits only", "write ABCD")
            .Refuse("BA", "\"BA\" is the order of 16 bits only", "write BADC");

    private static readonly RegisterKind Register = new();

    public static ModbusPoint Read(MapReader map)
    {
        var register = map.Required("register", Register, "Which table and zero-based protocol address; manuals that count from 1 or write 40101 mean one less.");
        var bits = register.Space.IsBits();
        var hasType = map.TryOptional("type", Types, "bool for coil and discrete, uint16 for input and holding", "How the bits are understood.", out var type);
        if (!hasType)
        {
            type = bits ? ModbusType.Bool : ModbusType.UInt16;
        }

        var order = map.Optional("order", Orders, ByteOrder.Abcd, "Order of the bytes of a value: ABCD big-endian, CDAB least significant register first, BADC bytes swapped, DCBA little-endian.");
        foreach (var (key, meaning) in LaterKeys)
        {
            map.NotYet(key, meaning);
        }

        if (ReferenceEquals(register, RegisterKind.Nowhere))
        {
            return new(register.Space, register.Address, type, order);
        }

        if (hasType && bits != (type == ModbusType.Bool))
        {
            map.Wrong(
                "type",
                bits ? $"a {register.Space.Word()} is one bit, not {type.Word()}" : $"a bool is one bit, and {register.Space.Word()} {register.Address} has 16",
                bits ? "write type: bool, or leave it out" : "write uint16, or name a coil or discrete");
        }
        else if (register.Address + type.Width() > ushort.MaxValue + 1)
        {
            map.Wrong("register", $"{type.Word()} takes {type.Width()} registers and address {register.Address} is too near the last one, 65535", $"write at most {ushort.MaxValue + 1 - type.Width()}");
        }

        return new(register.Space, register.Address, type, order);
    }

    private static readonly (string Key, string Meaning)[] LaterKeys =
    [
        ("mask", "some bits of a register"), ("shift", "some bits of a register"), ("enum", "labels for values"), ("precision", "rounding"),
        ("not-a-number", "values that mean no value"), ("plausible", "limits of what can be believed"),
    ];
}
