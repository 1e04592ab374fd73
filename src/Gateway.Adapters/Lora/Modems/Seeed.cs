using System.Globalization;

namespace Gateway.Adapters.Lora;

/// <summary>Seeed LoRa-E5 (Wio-E5) in test mode.</summary>
/// <remarks>"LoRa-E5 AT Command Specification" V1.0, AT+MODE and AT+TEST. Each answer begins with the command's name; sending ends the receiver.</remarks>
internal sealed class Seeed(ModemSettings settings) : IModemDialect
{
    private const string Specification = "LoRa-E5 AT Command Specification V1.0";

    public static readonly ModemFact[] Facts =
    [
        ModemFact.Read(Specification, "AT", "AT+MODE", "AT+TEST=RFCFG", "AT+TEST=RXLRPKT", "AT+TEST=TXLRPKT"),
        ModemFact.Baud(9_600, $"{Specification}, \"Default UART configuration 9600, 8, n, 1\""),
        new("what it answers while it receives, as the watchdog asks it", null)
        {
            Remedy = "if the log tells of a modem that is set up again and again, write watchdog: false; without it a reset that nobody sees is not noticed",
            Counts = static (link, _) => link.HasWatchdog,
        },
        new("that it says +RESET: OK also after a reset that it was not told to make", null)
        {
            Remedy = "without watchdog: true its receiver may stay off after a brown-out",
            Counts = static (link, _) => !link.HasWatchdog,
        },
    ];

    public IReadOnlyList<ModemCommand> Initialise { get; } =
    [
        Command("AT", "+AT: OK"),
        Command("AT+MODE=TEST", "+MODE: TEST"),
        Command(Configuration(settings), "+TEST: RFCFG"),
    ];

    public IReadOnlyList<ModemCommand> Arm { get; } = [Command("AT+TEST=RXLRPKT", "+TEST: RXLRPKT")];

    public bool DisarmsItself => false;

    public bool DisarmsBySending => true;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    /// <summary>After a reset that nobody saw it would be in another mode. Who refuses to tell is there at least.</summary>
    public IReadOnlyList<ModemCommand> Watchdog { get; } =
    [
        ModemCommand.Line("AT+MODE", static line =>
            line == "+MODE: TEST" || line.Contains("ERROR(", StringComparison.Ordinal) ? Answer.Done
            : line.StartsWith("+MODE: ", StringComparison.Ordinal) ? Answer.Failed($"it has left the test mode ({line})") : Answer.NotMine),
    ];

    /// <summary>Commands have at most 528 characters; two digits for each byte, and room for the rest.</summary>
    public int LongestPayload => 250;

    public ModemFramer CreateFramer() => new SeeedFramer();

    public ModemNotice Notice(string line) => line.StartsWith("+RESET: OK", StringComparison.Ordinal) ? ModemNotice.Restarted : ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) =>
        [ModemCommand.Line($"AT+TEST=TXLRPKT, \"{Convert.ToHexString(payload.Span)}\"", Sent) with { Timeout = airtime + TimeSpan.FromSeconds(3), IsRepeatable = false }];

    private static string Configuration(ModemSettings settings)
    {
        var m = settings.Modulation;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"AT+TEST=RFCFG,{m.Frequency / 1_000_000m:0.######},SF{m.SpreadingFactor},{m.Bandwidth / 1000},{m.Preamble},{m.Preamble},{settings.Power},{(m.HasCrc ? "ON" : "OFF")},OFF,OFF");
    }

    private static Answer Sent(string line) =>
        line == "+TEST: TX DONE" ? Answer.Done : line.StartsWith("+TEST: TXLRPKT", StringComparison.Ordinal) ? Answer.Progress : Wrong(line);

    private static ModemCommand Command(string text, string answer) =>
        ModemCommand.Line(text, line => line.StartsWith(answer, StringComparison.Ordinal) ? Answer.Done : Wrong(line));

    /// <summary>"+INFO: Input timeout" is none: the modem says it of a command that came slowly, and carries it out all the same.</summary>
    private static Answer Wrong(string line) => line.Contains("ERROR(", StringComparison.Ordinal) ? Answer.Failed(line) : Answer.NotMine;
}
