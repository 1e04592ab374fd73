using System.Globalization;

namespace Gateway.Adapters.Lora;

/// <summary>Microchip RN2483 and RN2903, without their LoRaWAN.</summary>
/// <remarks>"RN2483 LoRa Technology Module Command Reference User's Guide" DS40001784G: mac pause, radio set, radio rx (ends with each packet), radio tx (ok, then radio_tx_ok or radio_err).</remarks>
internal sealed class Microchip(ModemSettings settings) : IModemDialect
{
    private const string Guide = "RN2483 Command Reference DS40001784G";

    public static readonly ModemFact[] Facts =
    [
        ModemFact.Read($"{Guide}, 2.3.6.1", "sys get ver"),
        ModemFact.Read($"{Guide}, 2.4; onlinedocs.microchip.com, LORAWAN_Pause: milliseconds, 0 if it cannot be paused", "mac pause"),
        ModemFact.Read($"{Guide}, 2.5", "radio rx", "radio rxstop", "radio tx", "radio set", "radio get"),
        ModemFact.Baud(57_600),
        new("what it answers while it receives, as the watchdog asks it", null)
        {
            Remedy = "if the log tells of a modem that is set up again and again, write watchdog: false; without it a reset that nobody sees is not noticed",
            Counts = static (link, _) => link.HasWatchdog,
        },
        new("that it takes the commands of an RN2483", null)
        {
            Remedy = "if the log tells of a command that it refuses, look it up in its own reference (DS40001811)",
            Counts = static (link, _) => link.Modem == ModemMake.Rn2903,
        },
    ];

    private static readonly ModemCommand s_stop = Command("radio rxstop") with { MayFail = true };

    public IReadOnlyList<ModemCommand> Initialise { get; } = Commands(settings);

    public IReadOnlyList<ModemCommand> Arm { get; } = [s_stop, Command("radio rx 0")];

    public bool DisarmsItself => true;

    public bool DisarmsBySending => true;

    public IReadOnlyList<SignalQuery> SignalQueries { get; } = [new("radio get snr", false), new("radio get rssi", true)];

    /// <summary>
    /// After a reset that nobody saw its own watchdog runs again, by which receiving ends after 15 s. And who is told to receive, and does already, is busy: so it is armed if it was not,
    /// and no packet that is just coming in is lost if it was.
    /// </summary>
    public IReadOnlyList<ModemCommand> Watchdog { get; } =
    [
        ModemCommand.Line("radio get wdt", static line =>
            line is "0" or "busy" ? Answer.Done : line.Length > 0 && line.All(char.IsAsciiDigit) || line == "invalid_param" ? Answer.Failed($"it has forgotten what it was told (radio get wdt: {line})") : Answer.NotMine),
        ModemCommand.Line("radio rx 0", static line => line is "ok" or "busy" ? Answer.Done : line == "invalid_param" ? Answer.Failed(line) : Answer.NotMine),
    ];

    public int LongestPayload => 255;

    public ModemFramer CreateFramer() => new MicrochipFramer();

    public ModemNotice Notice(string line) =>
        IsVersion(line) ? ModemNotice.Restarted : line == "radio_err" ? ModemNotice.Disarmed : ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) =>
    [
        s_stop,
        ModemCommand.Line($"radio tx {Convert.ToHexString(payload.Span)}", Sent) with { Timeout = airtime + TimeSpan.FromSeconds(3), IsRepeatable = false },
    ];

    private static Answer Sent(string line) => line switch
    {
        "ok" => Answer.Progress,
        "radio_tx_ok" => Answer.Done,
        "radio_err" => Answer.Failed("sending took longer than the modem's watchdog allows (radio_err)"),
        "busy" or "invalid_param" => Answer.Failed(line),
        _ => Answer.NotMine,
    };

    private static ModemCommand[] Commands(ModemSettings settings)
    {
        var modulation = settings.Modulation;
        var commands = new List<ModemCommand>
        {
            s_stop,
            ModemCommand.Line("sys get ver", static line => IsVersion(line) ? Answer.Done : Answer.NotMine),
            ModemCommand.Line("mac pause", static line => line.All(char.IsAsciiDigit) ? line == "0" ? Answer.Failed("its LoRaWAN cannot be paused now (mac pause: 0)") : Answer.Done : Answer.NotMine),
            Command("radio set mod lora"),
            Command(string.Create(CultureInfo.InvariantCulture, $"radio set freq {modulation.Frequency}")),
            Command($"radio set sf sf{modulation.SpreadingFactor}"),
            Command($"radio set bw {modulation.Bandwidth / 1000}"),
            Command($"radio set cr 4/{modulation.CodingRate + 4}"),
            Command($"radio set prlen {modulation.Preamble}"),
            Command($"radio set crc {(modulation.HasCrc ? "on" : "off")}"),
            Command("radio set iqi off"),
            Command($"radio set pwr {settings.Power}"),
            Command("radio set wdt 0"),
        };
        if (settings.SyncWord is { } sync)
        {
            commands.Insert(commands.Count - 2, Command($"radio set sync {sync:x2}"));
        }

        return [.. commands];
    }

    private static bool IsVersion(string line) => line.StartsWith("RN2483 ", StringComparison.Ordinal) || line.StartsWith("RN2903 ", StringComparison.Ordinal);

    private static ModemCommand Command(string text) => ModemCommand.Line(text, static line => line switch
    {
        "ok" => Answer.Done,
        "invalid_param" or "busy" => Answer.Failed(line),
        _ => Answer.NotMine,
    });
}
