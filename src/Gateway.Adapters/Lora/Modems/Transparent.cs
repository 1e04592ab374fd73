namespace Gateway.Adapters.Lora;

/// <summary>EBYTE E22, E220, E32 and whatever else carries bytes: nothing is said to the modem, whose registers are set with its maker's tool.</summary>
/// <param name="rssi">The byte behind each packet (REG3 bit 7).</param>
/// <param name="hasFrames">The nodes speak the own frame.</param>
/// <param name="channel">With fixed addressing (REG3 bit 6): the channel in front of what is sent; null: without.</param>
/// <remarks>"E32-868T20D user manual", 6.2: what is to be sent ends with a pause on the line, so the next packet waits until this one is on the air; otherwise both would be one.</remarks>
internal sealed class Transparent(RssiByte rssi, bool hasFrames, int? channel) : IModemDialect
{
    public static readonly ModemFact[] Facts =
    [
        ModemFact.Baud(9_600, "E22-900T22D User Manual, REG0; E32-433T20D User Manual, 7.5"),
        new("the byte for the signal strength behind each packet", "E22-xxxT30x user manual 2024 (complement), E22-900T30S user manual 2018 (half), REG1 and REG3"),
        new("address and channel in front of what is sent", "E22-900T30S user manual, REG3 bit 6; E32 user manual, 7.5, OPTION bit 7"),
        new("that with fixed addressing a packet is handed on without the three bytes in front", null)
        {
            Remedy = "look at what edge-gateway scan lora --link shows of a node",
            Counts = static (link, _) => link.Channel is not null,
        },
    ];

    /// <summary>100 ms: three bytes of pause, and what the modem takes to begin.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>10 bits at 9600 baud, as the makers ship it; it is not slower at any other speed that is worth it.</summary>
    private static readonly TimeSpan s_byte = TimeSpan.FromSeconds(10 / 9600d);

    public IReadOnlyList<ModemCommand> Initialise => [];

    public IReadOnlyList<ModemCommand> Arm => [];

    public bool DisarmsItself => false;

    public bool DisarmsBySending => false;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    public IReadOnlyList<ModemCommand> Watchdog => [];

    /// <summary>E220 cuts after 200 bytes.</summary>
    public int LongestPayload => 200;

    public ModemFramer CreateFramer() => new TransparentFramer(rssi, hasFrames);

    public ModemNotice Notice(string line) => ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) =>
        [ModemCommand.Unanswered(channel is { } ch ? (byte[])[(byte)(to >> 8), (byte)to, (byte)ch, .. payload.Span] : payload, (payload.Length * s_byte) + s_pause + airtime)];
}
