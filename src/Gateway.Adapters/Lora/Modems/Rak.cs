using System.Globalization;

namespace Gateway.Adapters.Lora;

/// <summary>RAK3172 and other modules with RUI3, point to point.</summary>
/// <remarks>"RUI3 AT Command Manual", AT+NWM, AT+P2P, AT+PRECV, AT+PSEND; status lines OK, AT_ERROR, AT_PARAM_ERROR, AT_BUSY_ERROR, ….</remarks>
internal sealed class Rak(ModemSettings settings) : IModemDialect
{
    private static readonly ModemCommand s_stop = Command("AT+PRECV=0") with { MayFail = true };

    public IReadOnlyList<ModemCommand> Initialise { get; } =
    [
        Command("AT"),
        ModemCommand.Line("AT+NWM=?", static line => line is "AT+NWM=0" or "0" ? Answer.DoneSkipNext : line.StartsWith("AT+NWM=", StringComparison.Ordinal) || line == "1" ? Answer.Done : Status(line, isFinal: false)),
        Command("AT+NWM=0"),
        s_stop,
        Command(Configuration(settings)),
    ];

    /// <summary>65533: without end, and sending is allowed meanwhile.</summary>
    public IReadOnlyList<ModemCommand> Arm { get; } = [Command("AT+PRECV=65533")];

    public bool DisarmsItself => false;

    public bool DisarmsBySending => true;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    public ModemCommand? Watchdog { get; } = ModemCommand.Line("AT+PRECV=?", static line =>
        line is "AT+PRECV=65533" or "65533" ? Answer.Done : line.StartsWith("AT+PRECV=", StringComparison.Ordinal) ? Answer.Failed($"it does not receive ({line})") : Status(line, isFinal: false));

    public int LongestPayload => 255;

    public ModemFramer CreateFramer() => new RakFramer();

    public ModemNotice Notice(string line) =>
        line.StartsWith("RAKwireless", StringComparison.Ordinal) || line.StartsWith("Current Work Mode:", StringComparison.Ordinal) ? ModemNotice.Restarted
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

    private static Answer Sent(string line) => line == "+EVT:TXP2P DONE" ? Answer.Done : line == "OK" ? Answer.Progress : Status(line, isFinal: false);

    private static ModemCommand Command(string text) => ModemCommand.Line(text, static line => Status(line, isFinal: true));

    private static Answer Status(string line, bool isFinal) => line == "OK" ? isFinal ? Answer.Done : Answer.NotMine
        : line.StartsWith("AT_", StringComparison.Ordinal) ? Answer.Failed(line)
        : Answer.NotMine;
}
