using System.Globalization;

namespace Gateway.Adapters.Lora;

/// <summary>RAK3172 and other modules with RUI3, point to point.</summary>
/// <remarks>"RUI3 AT Command Manual", AT+NWM, AT+P2P, AT+PRECV, AT+PSEND; status lines OK, AT_ERROR, AT_PARAM_ERROR, AT_BUSY_ERROR, ….</remarks>
internal sealed class Rak(ModemSettings settings) : IModemDialect
{
    private const string Manual = "RUI3 AT Command Manual";

    public static readonly ModemFact[] Facts =
    [
        ModemFact.Read($"{Manual}, AT command format, ATZ", "AT"),
        ModemFact.Read($"{Manual}, AT+NWM: the device restarts to switch the mode", "AT+NWM=?", "AT+NWM=0"),
        ModemFact.Read($"{Manual}, AT+P2P", "AT+P2P="),
        ModemFact.Read($"{Manual}, AT+PRECV: 65533, 0, AT_BUSY_ERROR while it receives", "AT+PRECV="),
        ModemFact.Read($"{Manual}, AT+PSEND", "AT+PSEND="),
        ModemFact.Baud(115_200, $"{Manual}, overview"),
        new("how AT+P2P takes a bandwidth: its manual has 125, 250, 500 in one version and 0, 1, 2 in another, and 125 in both", null)
        {
            Remedy = "compare AT+P2P=? with what the nodes use, or write bandwidth: 125kHz",
            Counts = static (link, _) => link.Modulation.Bandwidth != 125_000,
        },
    ];

    private const string Receive = "AT+PRECV=65533";

    private const string Banner = "RAKwireless";

    private static readonly ModemCommand s_stop = Command("AT+PRECV=0") with { MayFail = true };

    public IReadOnlyList<ModemCommand> Initialise { get; } =
    [
        Command("AT"),
        ModemCommand.Line("AT+NWM=?", Mode) with { End = IsStatus },
        ModemCommand.Line("AT+NWM=0", static line => line == "OK" || line.StartsWith(Banner, StringComparison.Ordinal) ? Answer.Restarts : Status(line)),
        s_stop,
        Command(Configuration(settings)),
    ];

    /// <summary>65533: without end, and sending is allowed meanwhile. Stopped first: with a receiver that runs it may be refused.</summary>
    public IReadOnlyList<ModemCommand> Arm { get; } = [s_stop, Command(Receive)];

    public bool DisarmsItself => false;

    public bool DisarmsBySending => true;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    /// <summary>
    /// Whether it knows the channel still, where it says so: not every firmware does while it receives. And who is told to receive, and does already, is busy or does not mind: so it is armed if it was not.
    /// What it is armed with cannot be asked for: firmware before RUI3 4.0.6 refuses AT+PRECV=?.
    /// </summary>
    public IReadOnlyList<ModemCommand> Watchdog { get; } =
    [
        ModemCommand.Line("AT+P2P=?", line => Channel(line, settings)) with { End = IsStatus },
        ModemCommand.Line(Receive, static line => line is "OK" or "AT_BUSY_ERROR" ? Answer.Done : Status(line)),
    ];

    /// <summary>"2~500 digit length".</summary>
    public int LongestPayload => 250;

    public ModemFramer CreateFramer() => new RakFramer();

    public ModemNotice Notice(string line) =>
        line.StartsWith(Banner, StringComparison.Ordinal) || line.StartsWith("Current Work Mode:", StringComparison.Ordinal) ? ModemNotice.Restarted
        : line is "+EVT:RXP2P RECEIVE TIMEOUT" or "+EVT:RXP2P RECEIVE ERROR" ? ModemNotice.Disarmed
        : ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) =>
    [
        s_stop,
        ModemCommand.Line($"AT+PSEND={Convert.ToHexString(payload.Span)}", Sent) with { Timeout = airtime + TimeSpan.FromSeconds(3), IsRepeatable = false },
    ];

    private static string Configuration(ModemSettings settings)
    {
        var m = settings.Modulation;
        return string.Create(CultureInfo.InvariantCulture, $"AT+P2P={m.Frequency}:{m.SpreadingFactor}:{m.Bandwidth / 1000}:{m.CodingRate - 1}:{m.Preamble}:{settings.Power}");
    }

    /// <summary>"AT+NWM=1", or before RUI3 "1"; an echo of the question is no answer.</summary>
    private static Answer Mode(string line) => Value(line, "AT+NWM=") switch
    {
        "0" => Answer.DoneSkipNext,
        "1" or "2" => Answer.Done,
        _ => Status(line),
    };

    /// <summary>"AT+P2P=868000000:7:125:0:8:14"; the bandwidth stands there in kHz or as a number, so it is not looked at.</summary>
    private static Answer Channel(string line, ModemSettings settings)
    {
        var known = string.Create(CultureInfo.InvariantCulture, $"{settings.Modulation.Frequency}:{settings.Modulation.SpreadingFactor}:");
        return line.StartsWith("AT_", StringComparison.Ordinal) || Value(line, "AT+P2P=") is not { } value || !value.Contains(':', StringComparison.Ordinal) ? Answer.NotMine
            : value.StartsWith(known, StringComparison.Ordinal) ? Answer.Done
            : Answer.Failed($"it has forgotten what it was told ({line})");
    }

    private static string? Value(string line, string name) => line == name + "?" ? null : line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..] : line;

    private static Answer Sent(string line) => line == "+EVT:TXP2P DONE" ? Answer.Done : line == "OK" ? Answer.Progress : Status(line);

    private static ModemCommand Command(string text) => ModemCommand.Line(text, static line => line == "OK" ? Answer.Done : Status(line));

    private static Answer Status(string line) => line.StartsWith("AT_", StringComparison.Ordinal) ? Answer.Failed(line) : Answer.NotMine;

    /// <summary>"Every command returns a status string": it ends each answer.</summary>
    private static bool IsStatus(string line) => line == "OK" || line.StartsWith("AT_", StringComparison.Ordinal);
}
