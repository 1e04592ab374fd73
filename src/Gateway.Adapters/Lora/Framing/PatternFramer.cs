using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Adapters.Lora;

/// <summary>How the payload stands in the lines of a generic modem.</summary>
public enum PayloadEncoding : byte
{
    /// <summary>Two hexadecimal digits for each byte.</summary>
    Hex,

    /// <summary>As it is, whatever its bytes; without line ends, since it stands in a line.</summary>
    Text,

    Base64,
}

/// <summary>Any modem that prints a line for each packet: a pattern of the configuration with the groups payload, rssi, snr and from.</summary>
/// <remarks>The pattern comes from the configuration, the line from strangers: it is matched in time linear to the line, without backtracking.</remarks>
internal sealed class PatternFramer(Regex pattern, PayloadEncoding encoding) : LineFramer
{
    public const string Payload = "payload";
    public const string Rssi = "rssi";
    public const string Snr = "snr";
    public const string From = "from";

    /// <summary>250 ms for one line: only a bug takes so long.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    /// <summary>As <see cref="PatternFramer"/> wants it.</summary>
    /// <exception cref="ArgumentException">It is no pattern.</exception>
    /// <exception cref="NotSupportedException">It cannot be matched without backtracking: lookarounds, back references.</exception>
    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_patience);

    /// <summary>Whether a line matches; one that takes too long does not.</summary>
    public static bool Matches(Regex pattern, string line)
    {
        try
        {
            return pattern.IsMatch(line);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>A text may hold what is not ASCII: <c>21.5 °C</c>.</summary>
    protected override bool TakeRaw(ReadOnlySpan<byte> line, IModemSink sink) => encoding == PayloadEncoding.Text && Find(Encoding.Latin1.GetString(line)) is { Success: true } match && Take(match, sink);

    protected override void Line(ReadOnlySpan<byte> line, IModemSink sink)
    {
        var text = Text(line);
        if (Find(text) is not { } match)
        {
            sink.Noise(line.Length);
        }
        else if (!match.Success)
        {
            sink.Line(text);
        }
        else if (!Take(match, sink))
        {
            sink.Noise(line.Length);
        }
    }

    /// <returns>null: it took too long.</returns>
    private Match? Find(string text)
    {
        try
        {
            return pattern.Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private bool Take(Match match, IModemSink sink)
    {
        if (Bytes(match.Groups[Payload].Value) is not { Length: <= 255 } payload)
        {
            return false;
        }

        sink.Packet(new(payload, (int?)Number(match, From, 0, int.MaxValue), Number(match, Rssi, -300, 300), Number(match, Snr, -100, 100)));
        return true;
    }

    private byte[]? Bytes(string text)
    {
        switch (encoding)
        {
            case PayloadEncoding.Hex:
                return HexBytes.Parse(Encoding.ASCII.GetBytes(text));
            case PayloadEncoding.Text:
                return Encoding.Latin1.GetBytes(text);
            default:
                var bytes = new byte[text.Length];
                return text.Length > 0 && Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
        }
    }

    private static decimal? Number(Match match, string group, decimal min, decimal max) =>
        match.Groups[group] is { Success: true } found && decimal.TryParse(found.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max ? number : null;
}
