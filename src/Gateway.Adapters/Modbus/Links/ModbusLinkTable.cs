using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>The keys of Modbus links: what all have, and those that are reached over the network. Those of serial lines are in <see cref="ModbusSerialTable"/>.</summary>
internal static class ModbusLinkTable
{
    public static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly ChoiceKind<EchoMode> s_echoes = Kinds.Choice(("auto", EchoMode.Auto), ("always", EchoMode.Always), ("never", EchoMode.Never))
        .Refuse("on", "\"on\" is a word that many programs read as true", "write always").Refuse("off", "\"off\" is a word that many programs read as false", "write never");

    private static readonly TimeSpan OneMillisecond = TimeSpan.FromMilliseconds(1);

    public static ModbusTcpOptions ReadTcp(MapReader map, string id) =>
        ReadConnection(map, new ModbusTcpOptions(id, map.Position) { Host = ReadHost(map), Broadcast = ReadBroadcast(map) });

    public static ModbusRtuOverTcpOptions ReadRtuOverTcp(MapReader map, string id) => ReadConnection(map, new ModbusRtuOverTcpOptions(id, map.Position) { Host = ReadHost(map), Echo = ReadEcho(map) });

    public static ModbusAsciiOverTcpOptions ReadAsciiOverTcp(MapReader map, string id) =>
        ReadConnection(map, new ModbusAsciiOverTcpOptions(id, map.Position) { Host = ReadHost(map), Echo = ReadEcho(map) });

    public static ModbusTlsOptions ReadTls(MapReader map, string id) => ReadConnection(
        map, new ModbusTlsOptions(id, map.Position) { Host = ReadHost(map), Broadcast = ReadBroadcast(map), Tls = map.Required("tls", ModbusTlsTable.Kind, "Certificates on both sides.") }, ModbusTlsOptions.DefaultTlsPort);

    public static ModbusUdpOptions ReadUdp(MapReader map, string id) => ReadLine(
        map, new ModbusUdpOptions(id, map.Position) { Host = ReadHost(map), Port = ReadPort(map, ModbusHostOptions.DefaultPort), Broadcast = ReadBroadcast(map) });

    /// <summary>What every link has.</summary>
    public static T ReadLine<T>(MapReader map, T options)
        where T : ModbusLinkOptions => options with
    {
        Timeout = map.Optional(
            "timeout", Kinds.Duration(OneMillisecond, OneMinute), ModbusLinkOptions.DefaultTimeout, "Total deadline of one request and its response; 500ms is ten times what a slow PLC takes."),
        DelayBetweenRequests = map.Optional(
            "delay-between-requests", Kinds.Duration(TimeSpan.Zero, OneMinute), TimeSpan.Zero, "Silence between a response and the next request, for devices that need to breathe."),
        TurnaroundDelay = map.Optional(
            "turnaround-delay", Kinds.Duration(TimeSpan.Zero, OneMinute), ModbusLinkOptions.DefaultTurnaroundDelay, "Silence after a write to everybody (unit 0), in which every unit acts on it."),
        Limits = new(
            map.Optional("max-registers", Kinds.Integer(ModbusLinkOptions.SmallestMaxRegisters, ModbusLimits.ReadRegisters), ModbusLimits.ReadRegisters, "Registers in one read; 125 is the protocol's limit."),
            map.Optional("max-bits", Kinds.Integer(1, ModbusLimits.ReadBits), ModbusLimits.ReadBits, "Coils or discretes in one read; 2000 is the protocol's limit."),
            map.Optional("max-gap", Kinds.Integer(0, ModbusLimits.ReadRegisters), ModbusLinkOptions.DefaultMaxGap, "Unused registers between two points (16 times as many bits) that are read along rather than asking twice.")),
        ReadRetries = map.Optional(
            "read-retries", Kinds.Integer(0, ModbusLinkOptions.MaxRetries), ModbusLinkOptions.DefaultReadRetries,
            "How often a read without a good answer is repeated at once. 0: the next poll is soon, and every repetition of a dead unit's takes a timeout from the others."),
        WriteRetries = map.Optional(
            "write-retries", Kinds.Integer(0, ModbusLinkOptions.MaxRetries), 0,
            "How often a write without an answer is sent again. 0: the device may have carried it out, and a toggle that comes twice is another command."),
        DegradeAfter = map.Optional(
            "degrade-after", Kinds.Integer(1, 100), ModbusLinkOptions.DefaultDegradeAfter, "Unanswered requests in a row after which a unit is offline and only probed."),
        ProbeEvery = map.Optional(
            "probe-every", Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)), ModbusLinkOptions.DefaultProbeEvery, "Longest pause between two probes of an offline unit."),
    };

    /// <summary>Of serial lines, wherever they are.</summary>
    public static EchoMode ReadEcho(MapReader map) => map.Optional(
        "echo", s_echoes, EchoMode.Auto,
        "Whether what is sent on the line comes back in front of the answer, as on two-wire RS-485 whose receiver stays on; auto finds out (where a write would be the first request, it is preceded by a read of the same place), and status tells.");

    private static string ReadHost(MapReader map) => map.Required("host", Kinds.Host, "Name or address of the device, or of the gateway to its line.");

    private static int ReadPort(MapReader map, int fallback) => map.Optional("port", Kinds.Port, fallback, $"Port; {fallback} is registered for it.");

    private static bool ReadBroadcast(MapReader map) =>
        map.Optional("broadcast", Kinds.Boolean, false, "Whether unit 0 is everybody behind a gateway, and nobody answers; false: it is the device itself.");

    private static T ReadConnection<T>(MapReader map, T options, int port = ModbusHostOptions.DefaultPort)
        where T : ModbusConnectionOptions
    {
        var host = options with
        {
            Port = ReadPort(map, port),
            ConnectTimeout = map.Optional(
                "connect-timeout", Kinds.Duration(OneMillisecond * 10, OneMinute), ModbusConnectionOptions.DefaultConnectTimeout,
                "How long a connection may take; 3s lets a lost packet be repeated."),
            ConnectDelay = map.Optional(
                "connect-delay", Kinds.Duration(TimeSpan.Zero, OneMinute), TimeSpan.Zero, "Pause between connecting and the first request, for devices that accept before they are ready."),
            BackupHost = map.Maybe(
                "backup-host", Kinds.Host, "none",
                "Serves while the host takes no connections, or takes them and answers nothing; the host is tried again every minute, and serves again once it takes one."),
            BackupPort = map.Maybe("backup-port", Kinds.Port, "that of the host", "Port of the backup."),
            CloseAfterIdle = map.Maybe(
                "close-after-idle", Kinds.Duration(OneMillisecond * 100, TimeSpan.FromHours(1)), "never: connections stay",
                "Closes the connection when nothing was asked for so long, for devices that serve few clients; the next request opens it again."),
        };
        if (host is { BackupHost: null, BackupPort: not null })
        {
            map.Wrong("backup-port", "the port of a backup that is not there", "add backup-host, or remove backup-port");
        }
        else if (host.BackupHost is not null && host.BackupAddress == host.Address)
        {
            map.Wrong("backup-host", $"the backup {host.BackupAddress} is the host itself", "write another host, or another backup-port");
        }

        return ReadLine(map, host);
    }
}
