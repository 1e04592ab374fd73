using System.Text.RegularExpressions;

namespace Gateway.Adapters.Lora;

/// <summary>Any modem that prints a line for each packet, as the configuration describes it.</summary>
/// <param name="Pattern">Of the lines with packets; groups payload, rssi, snr, from.</param>
/// <param name="Encoding">How the payload stands in them.</param>
public sealed record GenericModem(string Pattern, PayloadEncoding Encoding)
{
    /// <summary>Lines that set it up, in their order.</summary>
    public IReadOnlyList<string> Init { get; init; } = [];

    /// <summary>Lines that start its receiver.</summary>
    public IReadOnlyList<string> Arm { get; init; } = [];

    /// <summary>The receiver stops with each packet.</summary>
    public bool DisarmsItself { get; init; }

    /// <summary>What a good answer matches.</summary>
    public string Ok { get; init; } = "^\\+?(OK|ok)$";

    /// <summary>What a bad answer matches.</summary>
    public string Error { get; init; } = "(?i)err|invalid|busy";

    /// <summary>What its first line after a reset matches; null: it says nothing.</summary>
    public string? Banner { get; init; }

    /// <summary>The line that sends, with {hex} or {base64}, and {to}; null: it only receives.</summary>
    public string? Send { get; init; }

    public bool Equals(GenericModem? other) => other is not null && (Pattern, Encoding, DisarmsItself, Ok, Error, Banner, Send) == (other.Pattern, other.Encoding, other.DisarmsItself, other.Ok, other.Error, other.Banner, other.Send)
        && Init.SequenceEqual(other.Init) && Arm.SequenceEqual(other.Arm);

    public override int GetHashCode() => HashCode.Combine(Pattern, Encoding, Send);
}

/// <inheritdoc cref="GenericModem"/>
internal sealed class Generic : IModemDialect
{
    private readonly GenericModem _modem;
    private readonly Regex _pattern;
    private readonly Regex _ok;
    private readonly Regex _error;
    private readonly Regex? _banner;

    public Generic(GenericModem modem)
    {
        _modem = modem;
        (_pattern, _ok, _error) = (PatternFramer.Compile(modem.Pattern), PatternFramer.Compile(modem.Ok), PatternFramer.Compile(modem.Error));
        _banner = modem.Banner is null ? null : PatternFramer.Compile(modem.Banner);
        Initialise = [.. modem.Init.Select(Command)];
        Arm = [.. modem.Arm.Select(Command)];
    }

    public IReadOnlyList<ModemCommand> Initialise { get; }

    public IReadOnlyList<ModemCommand> Arm { get; }

    public bool DisarmsItself => _modem.DisarmsItself;

    public bool DisarmsBySending => Arm.Count > 0;

    public IReadOnlyList<SignalQuery> SignalQueries => [];

    public IReadOnlyList<ModemCommand> Watchdog => [];

    public int LongestPayload => _modem.Send is null ? 0 : 222;

    public ModemFramer CreateFramer() => new PatternFramer(_pattern, _modem.Encoding);

    public ModemNotice Notice(string line) => _banner is not null && PatternFramer.Matches(_banner, line) ? ModemNotice.Restarted : ModemNotice.None;

    public IReadOnlyList<ModemCommand> Send(ReadOnlyMemory<byte> payload, int to, TimeSpan airtime) =>
    [
        Command(_modem.Send!.Replace("{hex}", Convert.ToHexString(payload.Span), StringComparison.Ordinal)
            .Replace("{base64}", Convert.ToBase64String(payload.Span), StringComparison.Ordinal)
            .Replace("{to}", to.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)) with { Timeout = airtime + TimeSpan.FromSeconds(3), IsRepeatable = false },
    ];

    private ModemCommand Command(string text) => new(
        System.Text.Encoding.Latin1.GetBytes(text + "\r\n"),
        line => PatternFramer.Matches(_error, line) ? Answer.Failed(line) : PatternFramer.Matches(_ok, line) ? Answer.Done : Answer.NotMine);
}
