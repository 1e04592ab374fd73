using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of Modbus links on a serial port.</summary>
internal static class ModbusSerialTable
{
    private static readonly ChoiceKind<Parity> s_parities = Kinds.Choice([.. Parities.Words]);

    private static readonly Kind<Rs485Settings> s_rs485 = new Table<Rs485Settings>("a map of what RTS does", "{ rts-on-send: true }", ReadRs485);

    /// <summary>What one character of delay is good for; the kernel takes no more.</summary>
    private static readonly Kind<TimeSpan> s_delay = Kinds.Duration(TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

    public static ModbusRtuOptions ReadRtu(MapReader map, string id) => Read(map, new ModbusRtuOptions(id, map.Position) { Serial = ReadPort(map, dataBits: 8) });

    public static ModbusAsciiOptions ReadAscii(MapReader map, string id)
    {
        var dataBits = map.Optional("data-bits", Kinds.Integer(7, 8, "7"), ModbusAsciiOptions.DefaultDataBits, "7 is the standard's default for ASCII.");
        return Read(map, new ModbusAsciiOptions(id, map.Position) { Serial = ReadPort(map, dataBits) });
    }

    private static SerialSettings ReadPort(MapReader map, int dataBits) => new(
        map.Required("serial-port", new SerialPortKind(), "The adapter, best by its path under /dev/serial/by-id; edge-gateway ports lists them."),
        map.Optional("baud", Kinds.Integer(50, 4_000_000, "19200"), ModbusSerialOptions.DefaultBaud, "Speed of the line; 19200 is Modbus's default, many meters leave the factory with 9600."),
        dataBits,
        map.Optional("parity", s_parities, Parity.Even, "Even is Modbus's default; many meters leave the factory with none."),
        map.Optional("stop-bits", Kinds.Integer(1, 2, "1"), 1, "The standard asks for 2 without parity; most devices want 1 all the same."),
        map.Maybe("rs485", s_rs485, "the adapter switches by itself, as most do", "Has the kernel switch the line's direction with RTS, for transceivers that do not do it themselves."),
        map.Maybe(
            "low-latency", Kinds.Boolean, "on where the adapter can", "Has a USB adapter hand on what it receives at once instead of after up to 16 ms; true: status tells if it refuses, false: it is left as it is."));

    private static T Read<T>(MapReader map, T options)
        where T : ModbusSerialOptions => ModbusLinkTable.ReadLine(map, options with
    {
        Echo = ModbusLinkTable.ReadEcho(map),
        LateReplyGuard = map.Optional(
            "late-reply-guard", Kinds.Duration(TimeSpan.Zero, ModbusLinkTable.OneMinute), ModbusSerialOptions.DefaultLateReplyGuard,
            "After a request without an answer: how long that unit is left alone, because its late reply cannot be told from the next one's."),
    });

    private static Rs485Settings ReadRs485(MapReader map)
    {
        var onSend = map.Optional("rts-on-send", Kinds.Boolean, true, "Level of RTS while sending.");
        var settings = new Rs485Settings(
            onSend,
            map.Optional("rts-after-send", Kinds.Boolean, false, "Level of RTS while receiving; the opposite of rts-on-send."),
            map.Optional("delay-before-send", s_delay, TimeSpan.Zero, "From RTS to the first bit, in whole milliseconds."),
            map.Optional("delay-after-send", s_delay, TimeSpan.Zero, "From the last bit to RTS, in whole milliseconds."),
            map.Optional("termination", Kinds.Boolean, false, "Switches on the bus termination of boards that have one."));
        if (settings.RtsOnSend == settings.RtsAfterSend)
        {
            map.Wrong(map.Position, "RTS is the same while sending and while receiving: the line would never turn", $"write rts-on-send: {(onSend ? "true" : "false")}, rts-after-send: {(onSend ? "false" : "true")}");
        }

        foreach (var (key, delay) in new[] { ("delay-before-send", settings.DelayBeforeSend), ("delay-after-send", settings.DelayAfterSend) })
        {
            if (delay.Ticks % TimeSpan.TicksPerMillisecond != 0)
            {
                map.Wrong(key, "the kernel counts whole milliseconds", "write 1ms, or 0ms");
            }
        }

        return settings;
    }
}
