using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of Modbus links.</summary>
internal static class ModbusOptionsTable
{
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

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
