using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Gateway.Adapters.Lora;

namespace Gateway.Simulators;

/// <summary>A modem that is as the configuration describes it: takes its lines of init and arm, prints packets as its pattern wants them, sends what its line of send holds.</summary>
public sealed class SimulatedGeneric : SimulatedModem
{
    private readonly GenericModem _modem;
    private readonly Regex _pattern;
    private readonly Regex? _send;
    private readonly string _ok;
    private readonly string _error;

    public SimulatedGeneric(GenericModem modem)
    {
        _modem = modem;
        _pattern = PatternFramer.Compile(modem.Pattern);
        _ok = Fitting(modem.Ok, ["OK", "ok", "+OK"]);
        _error = Fitting(modem.Error, ["ERROR", "error", "+ERR=4"]);
        Busy = Fitting(modem.Error, ["busy", "BUSY", _error]);
        _send = modem.Send is null ? null : new(
            $"^{Regex.Escape(modem.Send).Replace("\\{hex}", "(?<hex>[0-9A-F]*)", StringComparison.Ordinal).Replace("\\{base64}", "(?<base64>[A-Za-z0-9+/=]*)", StringComparison.Ordinal)
                .Replace("\\{to}", "(?<to>[0-9]+)", StringComparison.Ordinal)}$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>Whether its lines can be made up from the pattern; false: the pattern is beyond that.</summary>
    public bool IsPossible => Line([0x41], 1, -60, 9) is not null;

    public override bool IsListening => _modem.Init.Concat(_modem.Arm).All(l => Settings.ContainsKey(l.Trim()));

    protected override byte[] Banner => _modem.Banner is { } banner ? Encoding.ASCII.GetBytes(PatternSample.Of(banner) + "\r\n") : [];

    protected override string Busy { get; }

    protected override void Begin()
    {
    }

    protected override byte[] Packet(byte[] payload, int from, int rssi, int snr) => Line(payload, from, rssi, snr) is { } line ? Encoding.Latin1.GetBytes(line + "\r\n") : [];

    protected override void Heard(int rssi, int snr)
    {
        if (_modem.DisarmsItself)
        {
            Disarm();
        }
    }

    protected override void Command(string line)
    {
        if (_modem.Init.Concat(_modem.Arm).Any(l => l.Trim() == line))
        {
            Settings[line] = "";
            Answer(_ok);
        }
        else if (_send?.Match(line) is { Success: true } match && Payload(match) is { } payload)
        {
            Disarm();
            Send(payload, int.TryParse(match.Groups["to"].Value, CultureInfo.InvariantCulture, out var to) ? to : 0);
            Answer(_ok);
        }
        else
        {
            Answer(_error);
        }
    }

    private static string Fitting(string pattern, IEnumerable<string> usual)
    {
        var regex = PatternFramer.Compile(pattern);
        return usual.FirstOrDefault(regex.IsMatch) ?? PatternSample.Of(pattern);
    }

    private static byte[]? Payload(Match match)
    {
        try
        {
            return match.Groups["base64"].Success ? Convert.FromBase64String(match.Groups["base64"].Value) : Convert.FromHexString(match.Groups["hex"].Value);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <returns>null: no line can be made that the pattern matches.</returns>
    private string? Line(byte[] payload, int from, int rssi, int snr)
    {
        var line = PatternSample.Of(_modem.Pattern, group => group switch
        {
            PatternFramer.Payload when _modem.Encoding == PayloadEncoding.Hex => [Convert.ToHexString(payload), Convert.ToHexStringLower(payload)],
            PatternFramer.Payload when _modem.Encoding == PayloadEncoding.Base64 => [Convert.ToBase64String(payload)],
            PatternFramer.Payload => [Encoding.Latin1.GetString(payload)],
            PatternFramer.From => Number(from, "0000", "00000"),
            PatternFramer.Rssi => Number(rssi, "0.0", "000").Concat(Number(-rssi, "0.0", "000")),
            PatternFramer.Snr => Number(snr, "0.0", "0.00").Concat(Number(-snr, "0.0", "00")),
            _ => [],
        });
        return _pattern.Match(line) is { Success: true } match && match.Groups[PatternFramer.Payload].Length > 0 ? line : null;
    }

    private static string[] Number(int number, params string[] formats) =>
        [number.ToString(CultureInfo.InvariantCulture), .. formats.Select(f => number.ToString(f, CultureInfo.InvariantCulture)), $"+{number.ToString(CultureInfo.InvariantCulture)}"];

    private void Disarm()
    {
        foreach (var line in _modem.Arm)
        {
            Settings.Remove(line.Trim());
        }
    }
}
