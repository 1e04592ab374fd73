using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of Modbus links, devices and points.</summary>
internal static class ModbusOptionsTable
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

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

    private static readonly ChoiceKind<Parity> Parities = Kinds.Choice(("even", Parity.Even), ("odd", Parity.Odd), ("none", Parity.None));

    public static ModbusTcpOptions ReadTcp(MapReader map, string id) => ReadHost(map, new ModbusTcpOptions(id, map.Position) { Host = ReadHost(map) });

    public static ModbusRtuOverTcpOptions ReadRtuOverTcp(MapReader map, string id) => ReadHost(map, new ModbusRtuOverTcpOptions(id, map.Position) { Host = ReadHost(map) });

    public static ModbusRtuOptions ReadRtu(MapReader map, string id)
    {
        var path = map.Required("serial-port", Kinds.Path, "The adapter, best by its path under /dev/serial/by-id; edge-gateway ports lists them.");
        var baud = map.Optional("baud", Kinds.Integer(50, 4_000_000, "19200"), ModbusRtuOptions.DefaultBaud, "Speed of the line; 19200 is Modbus's default, many meters leave the factory with 9600.");
        var parity = map.Optional("parity", Parities, Parity.Even, "Even is Modbus's default; many meters leave the factory with none.");
        var stopBits = map.Optional("stop-bits", Kinds.Integer(1, 2, "1"), 1, "The standard asks for 2 without parity; most devices want 1 all the same.");
        var guard = map.Optional(
            "late-reply-guard", Kinds.Duration(TimeSpan.Zero, OneMinute), ModbusRtuOptions.DefaultLateReplyGuard,
            "After a request without an answer: how long that unit is left alone, because its late reply cannot be told from the next one's.");
        map.NotYet("rs485", "switching of the line's direction by the kernel; most adapters switch by themselves");
        return ReadLine(map, new ModbusRtuOptions(id, map.Position) { Serial = new(path, baud, Parity: parity, StopBits: stopBits), LateReplyGuard = guard });
    }

    public static ModbusDevice ReadDevice(MapReader map)
    {
        var unit = map.Optional(
            "unit-id", Kinds.Integer(0, 255, "1"), ModbusDevice.DefaultUnitId, "Unit identifier: the device behind a gateway; devices with an address of their own mostly want 1, 0 or 255.");
        return ReadDevice(map, unit);
    }

    /// <summary>A device on a serial line, where 0 is everybody and 248 to 255 are reserved (Modbus over Serial Line V1.02 §2.2).</summary>
    public static ModbusDevice ReadUnit(MapReader map) =>
        ReadDevice(map, map.Optional("unit-id", Kinds.Integer(1, 247, "1"), ModbusDevice.DefaultUnitId, "Address of the device on its line, 1 to 247."));

    private static ModbusDevice ReadDevice(MapReader map, int unit)
    {
        map.NotYet("template", "register maps of known devices");
        map.NotYet("address-base", "registers counted from 1 or in Modicon numbers");
        return new((byte)unit) { Plan = PlanTable.Read(map) };
    }

    public static ModbusPoint ReadPoint(MapReader map)
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

    private static string ReadHost(MapReader map) => map.Required("host", Kinds.Host, "Name or address of the device, or of the gateway to its line.");

    private static T ReadHost<T>(MapReader map, T options)
        where T : ModbusHostOptions
    {
        var host = options with
        {
            Port = map.Optional("port", Kinds.Port, ModbusHostOptions.DefaultPort, "TCP port; 502 is registered for Modbus."),
            ConnectTimeout = map.Optional(
                "connect-timeout", Kinds.Duration(OneMillisecond * 10, OneMinute), ModbusHostOptions.DefaultConnectTimeout,
                "How long a connection may take; 3s lets a lost packet be repeated."),
            ConnectDelay = map.Optional(
                "connect-delay", Kinds.Duration(TimeSpan.Zero, OneMinute), TimeSpan.Zero, "Pause between connecting and the first request, for devices that accept before they are ready."),
        };
        map.NotYet("backup-host", "a second host to try");
        return ReadLine(map, host);
    }

    private static T ReadLine<T>(MapReader map, T options)
        where T : ModbusLinkOptions => options with
    {
        Timeout = map.Optional(
            "timeout", Kinds.Duration(OneMillisecond, OneMinute), ModbusLinkOptions.DefaultTimeout, "Total deadline of one request and its response; 500ms is ten times what a slow PLC takes."),
        DelayBetweenRequests = map.Optional(
            "delay-between-requests", Kinds.Duration(TimeSpan.Zero, OneMinute), TimeSpan.Zero, "Silence between a response and the next request, for devices that need to breathe."),
        Limits = new(
            map.Optional("max-registers", Kinds.Integer(ModbusLinkOptions.SmallestMaxRegisters, ModbusLimits.ReadRegisters), ModbusLimits.ReadRegisters, "Registers in one read; 125 is the protocol's limit."),
            map.Optional("max-bits", Kinds.Integer(1, ModbusLimits.ReadBits), ModbusLimits.ReadBits, "Coils or discretes in one read; 2000 is the protocol's limit."),
            map.Optional("max-gap", Kinds.Integer(0, ModbusLimits.ReadRegisters), ModbusLinkOptions.DefaultMaxGap, "Unused registers between two points (16 times as many bits) that are read along rather than asking twice.")),
        DegradeAfter = map.Optional(
            "degrade-after", Kinds.Integer(1, 100), ModbusLinkOptions.DefaultDegradeAfter, "Unanswered requests in a row after which a unit is offline and only probed."),
        ProbeEvery = map.Optional(
            "probe-every", Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), ModbusLinkOptions.DefaultProbeEvery, "Longest pause between two probes of an offline unit."),
    };
}
