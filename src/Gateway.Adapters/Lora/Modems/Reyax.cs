using System.Globalization;
using System.Text;

namespace Gateway.Adapters.Lora;

/// <summary>REYAX RYLR896 and RYLR998.</summary>
/// <remarks>"LoRa AT Command Guide" 56312E33 (RYLR998) and 56322E33 (RYLR896): one command at a time, each answered by +OK or +ERR=n.</remarks>
internal sealed class Reyax(ModemSettings settings) : IModemDialect
{
    private const string Guide = "LoRa AT Command Guide 56312E33 (RYLR998), 56322E33 (RYLR896)";

    public static readonly ModemFact[] Facts =
    [
        ModemFact.Read(Guide, "AT", "AT+MODE=", "AT+ADDRESS=", "AT+NETWORKID=", "AT+BAND=", "AT+PARAMETER=", "AT+CRFOP=", "AT+SEND="),
        ModemFact.Read($"{Guide}, \"? in the end asks for the current value\"; answers as an RYLR896 V1.2.4 prints them", "AT+BAND?", "AT+PARAMETER?", "AT+CRFOP?"),
        ModemFact.Baud(115_200),
        new("that it sends data with line ends in it whole, by its length", null)
        {
            Remedy = "if a command with the bytes 0D 0A is refused or arrives cut, use another prefix or type",
            Counts = static (_, sendsLineEnds) => sendsLineEnds,
        },
    ];

    /// <summary>RYLR896 knows ten bandwidths, by number; RYLR998 the last three. In Hz.</summary>
    public static readonly int[] Bandwidths = [7_800, 10_400, 15_600, 20_800, 31_250, 41_700, 62_500, 125_000, 250_000, 500_000];

    public IReadOnlyList<ModemCommand> Initialise { get; } = Commands(settings);

    public IReadOnlyList<ModemCommand> Arm => [];

    public bool DisarmsItself => false;

    public bool DisarmsBySending => false;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    /// <summary>It forgets the frequency with a reset, and the rest of what the air is shared by, unless it was told to keep it.</summary>
    public IReadOnlyList<ModemCommand> Watchdog { get; } = [Question("BAND", Band(settings)), Question("PARAMETER", Parameter(settings)), Question("CRFOP", Power(settings))];

    public int LongestPayload => ReyaxFramer.LongestData;

    public ModemFramer CreateFramer() => new ReyaxFramer();

    public ModemNotice Notice(string line) => line == "+READY" ? ModemNotice.Restarted : ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime)
    {
        var head = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"AT+SEND={to},{payload.Length},"));
        return [new((byte[])[.. head, .. payload.Span, (byte)'\r', (byte)'\n'], Match) { Timeout = airtime + TimeSpan.FromSeconds(3), IsRepeatable = false }];
    }

    /// <summary>Number of a bandwidth in AT+PARAMETER; −1: it has none.</summary>
    public static int BandwidthCode(int bandwidth) => Array.IndexOf(Bandwidths, bandwidth);

    private static ModemCommand[] Commands(ModemSettings settings)
    {
        var commands = new List<ModemCommand>
        {
            Command("AT"),
            Command("AT+MODE=0"),
            Command($"AT+ADDRESS={settings.Address}"),
        };
        if (settings.NetworkId is { } network)
        {
            commands.Add(Command($"AT+NETWORKID={network}"));
        }

        commands.Add(Command($"AT+BAND={Band(settings)}"));
        commands.Add(Command($"AT+PARAMETER={Parameter(settings)}"));
        commands.Add(Command($"AT+CRFOP={Power(settings)}"));
        return [.. commands];
    }

    private static string Band(ModemSettings settings) => settings.Modulation.Frequency.ToString(CultureInfo.InvariantCulture);

    private static string Parameter(ModemSettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.Modulation.SpreadingFactor},{BandwidthCode(settings.Modulation.Bandwidth)},{settings.Modulation.CodingRate},{settings.Modulation.Preamble}");

    private static string Power(ModemSettings settings) => settings.Power.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks for a setting; another value than it was told is a reset that nobody saw. Who refuses to tell is there at least.</summary>
    private static ModemCommand Question(string name, string value) => ModemCommand.Line($"AT+{name}?", line =>
        line.StartsWith($"+{name}=", StringComparison.Ordinal) ? line[(name.Length + 2)..] == value ? Answer.Done : Answer.Failed($"it has forgotten what it was told ({line})")
        : line.StartsWith("+ERR=", StringComparison.Ordinal) ? Answer.Done : Answer.NotMine);

    private static ModemCommand Command(string text) => ModemCommand.Line(text, Match);

    private static Answer Match(string line) => line == "+OK" ? Answer.Done
        : line.StartsWith("+ERR=", StringComparison.Ordinal) ? Answer.Failed(Error(line[5..]))
        : Answer.NotMine;

    /// <summary>The codes of the guide.</summary>
    private static string Error(string code) => code switch
    {
        "1" => "no line end came (+ERR=1)",
        "2" => "not a command (+ERR=2)",
        "4" => "unknown command (+ERR=4)",
        "5" => "length does not fit the data (+ERR=5)",
        "10" => "sending took too long (+ERR=10)",
        "12" => "checksum (+ERR=12)",
        "13" => "more than 240 bytes (+ERR=13)",
        "14" => "flash cannot be written (+ERR=14)",
        "17" => "the last packet is still being sent (+ERR=17)",
        "18" => "preamble is not allowed (+ERR=18)",
        "19" => "header of a received packet (+ERR=19)",
        "20" => "power-save time is not allowed (+ERR=20)",
        _ => $"+ERR={code}",
    };
}
