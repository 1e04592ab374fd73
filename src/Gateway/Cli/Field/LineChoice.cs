using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Configuration;
using Gateway.Mqtt;

namespace Gateway.Cli;

/// <summary>The options that say on which line a field tool works: a link of the configuration, or one that is described on the command line.</summary>
/// <param name="withUnit">Whether one unit is meant.</param>
/// <param name="manyHosts">Whether <c>--host</c> may name several, and networks.</param>
internal sealed class LineChoice(bool withUnit = true, bool manyHosts = false)
{
    /// <summary>For <c>--help</c> of the tools that take one.</summary>
    public const string Lesson = """
        A device that stands in no configuration is described: --host speaks Modbus TCP unless --transport says udp, tls (port 802; --ca, and --certificate with
        --key where the device asks who comes), rtu-over-tcp or ascii-over-tcp (what transparent device servers pass on); --serial-port speaks RTU unless
        --transport says ascii.
        """;

    private static readonly string[] s_parities = [.. Parities.Words.Select(static w => w.Word)];

    private static readonly DurationKind s_timeout = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    public Option<string> Config { get; } = ConfigOption.Create();

    public Option<int?> Unit { get; } = Numbered("--unit", "Unit identifier; without it that of the only device on the link, or 1.", "N", 0, 255);

    private readonly Option<string?> _link = new("--link") { Description = "A link of the configuration; without it the only one.", HelpName = "ID" };
    private readonly Option<string?> _host = new("--host")
    {
        Description = manyHosts
            ? "Devices that stand in no configuration: hosts with commas between them, or a network such as 192.0.2.0/24; port 502 (TLS 802) unless named."
            : "A device that stands in no configuration; port 502 (TLS 802) unless named.",
        HelpName = manyHosts ? "HOSTS[:PORT]" : "HOST[:PORT]",
    };

    private readonly Option<string?> _port = new("--serial-port") { Description = "A serial line that stands in no configuration; edge-gateway ports lists them.", HelpName = "PATH" };
    private readonly Option<string?> _transport = Worded(
        "--transport", $"What it speaks: with --host {Unless(Transport.OverHosts)}; with --serial-port {Unless(Transport.OnSerialPorts)}.", "WORD", [.. Transport.OverHosts, .. Transport.OnSerialPorts]);

    private readonly Option<string?> _ca = new("--ca") { Description = "With --transport tls: certificate authorities that are trusted instead of the system's (PEM).", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "With --transport tls: what is shown to the device (PEM).", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "With --certificate: its private key (PEM).", HelpName = "FILE" };
    private readonly Option<int?> _baud = Numbered("--baud", $"With --serial-port; {ModbusSerialOptions.DefaultBaud} unless named.", "N", 50, 4_000_000);
    private readonly Option<string?> _parity = Worded("--parity", $"With --serial-port: {Unless(s_parities)}.", "PARITY", s_parities);
    private readonly Option<int?> _dataBits = Numbered("--data-bits", $"With --transport ascii: {ModbusAsciiOptions.DefaultDataBits} (unless named) or 8.", "N", 7, 8);
    private readonly Option<int?> _stopBits = Numbered("--stop-bits", "With --serial-port: 1 (unless named) or 2.", "N", 1, 2);
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long an answer may take; without it as configured, or 500ms. A line that the running gateway holds keeps its own.", HelpName = "DURATION" };

    public void AddTo(Command command)
    {
        Option[] all = [_link, _host, _port, _transport, _ca, _certificate, _key, _baud, _parity, _dataBits, _stopBits, .. (ReadOnlySpan<Option>)(withUnit ? [Unit] : []), _timeout, Config];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (WhyNot(result) is { } problem)
            {
                result.AddError(problem);
            }
        });
    }

    /// <summary>The link that is named; null: none is.</summary>
    public string? LinkOf(ParseResult parsed) => parsed.GetValue(_link);

    /// <summary>Whether a serial line is described without saying how it speaks.</summary>
    public bool LeavesFormatOpen(ParseResult parsed) => parsed.GetValue(_port) is not null && parsed.GetValue(_baud) is null && parsed.GetValue(_parity) is null;

    /// <summary>How long an answer may take; null: nothing is said of it.</summary>
    public TimeSpan? TimeoutOf(ParseResult parsed) => parsed.GetValue(_timeout) is { } text && s_timeout.TryParse(text, out var value) ? value : null;

    /// <summary>The line that is described, or the first of them; null: none is.</summary>
    public ModbusLinkOptions? AdHocOf(ParseResult parsed) => HostsOf(parsed) is [var first, ..] ? first : parsed.GetValue(_port) is { } path ? Timed(parsed, PortOf(parsed, path)) : null;

    /// <summary>The lines over the network that are described; empty: none is.</summary>
    public IReadOnlyList<ModbusHostOptions> HostsOf(ParseResult parsed)
    {
        if (parsed.GetValue(_host) is not { } text)
        {
            return [];
        }

        var tls = new TlsFiles(Full(parsed.GetValue(_ca)), Full(parsed.GetValue(_certificate)), Full(parsed.GetValue(_key)));
        return [.. Places(text, out _).Select(p => Timed(parsed, Transport.ToHost(parsed.GetValue(_transport), p, tls)))];
    }

    private ModbusSerialOptions PortOf(ParseResult parsed, string path)
    {
        var word = parsed.GetValue(_transport);
        return Transport.OnSerialPort(word, new(
            Path.GetFullPath(path), parsed.GetValue(_baud) ?? ModbusSerialOptions.DefaultBaud, parsed.GetValue(_dataBits) ?? Transport.DataBits(word),
            Parities.Of(parsed.GetValue(_parity) ?? "") ?? Parities.Words[0].Parity, parsed.GetValue(_stopBits) ?? 1));
    }

    private T Timed<T>(ParseResult parsed, T line)
        where T : ModbusLinkOptions => TimeoutOf(parsed) is { } timeout ? line with { Timeout = timeout } : line;

    private IReadOnlyList<HostPlace> Places(string text, out string? problem)
    {
        if (manyHosts)
        {
            return HostPlace.ParseMany(text, out problem);
        }

        problem = HostPlace.TryParse(text, out var place) ? null
            : text.AsSpan().ContainsAny(',', '/') && !text.Contains("://", StringComparison.Ordinal) ? $"--host {text}: one device at a time; edge-gateway scan modbus looks through several and through networks"
            : $"--host {text}: not a host and port; write for example 192.0.2.20 or 192.0.2.20:502";
        return problem is null ? [place] : [];
    }

    private string? WhyNot(CommandResult result)
    {
        var (host, port, transport) = (result.GetValue(_host), result.GetValue(_port), result.GetValue(_transport));
        if (transport is not null && !Transport.OverHosts.Contains(transport) && !Transport.OnSerialPorts.Contains(transport))
        {
            // The option itself says so.
            return null;
        }

        string? misplaced = null;
        if (host is not null)
        {
            Places(host, out misplaced);
        }

        var hasTls = result.GetValue(_ca) is not null || result.GetValue(_certificate) is not null || result.GetValue(_key) is not null;
        return ((string?[])[result.GetValue(_link), host, port]).Count(static n => n is not null) > 1 ? "--link, --host and --serial-port exclude each other: name one line"
            : port is null && (result.GetValue(_baud) is not null || result.GetValue(_parity) is not null || result.GetValue(_stopBits) is not null)
                ? $"--baud, --parity and --stop-bits belong to --serial-port; {(host is null ? "a link has its own in the configuration" : "behind a device server they are set there")}"
            : transport is not null && host is null && port is null ? "--transport belongs to --host and --serial-port; a link has its type in the configuration"
            : transport is not null && port is null && !Transport.OverHosts.Contains(transport)
                ? $"--transport {transport} is that of a serial line: name --serial-port, or write {transport}-over-tcp for one behind a device server"
            : transport is not null && host is null && !Transport.OnSerialPorts.Contains(transport)
                ? $"--transport {transport} belongs to --host; a serial line speaks {string.Join(" or ", Transport.OnSerialPorts)}"
            : result.GetValue(_dataBits) is not null && (port is null || transport != Transport.Ascii) ? "--data-bits belongs to --serial-port with --transport ascii; RTU always has 8"
            : hasTls && transport != Transport.Tls ? "--ca, --certificate and --key belong to --transport tls"
            : result.GetValue(_certificate) is null != result.GetValue(_key) is null ? "--certificate and --key belong together: name both, or none"
            : misplaced is not null ? misplaced
            : result.GetValue(_timeout) is { } timeout && !s_timeout.TryParse(timeout, out _) ? $"--timeout {timeout}: not {s_timeout.Name}; write for example 500ms"
            : null;
    }

    /// <summary><c>tcp (unless named), udp or tls</c>.</summary>
    private static string Unless(IReadOnlyList<string> words) => $"{words[0]} (unless named){string.Concat(words.Skip(1).SkipLast(1).Select(static w => $", {w}"))} or {words[^1]}";

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    /// <summary>One of some words. The library's own check cannot be looked at by other checks.</summary>
    private static Option<string?> Worded(string name, string description, string help, IReadOnlyList<string> words)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = help };
        option.CompletionSources.Add([.. words]);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !words.Contains(token.Value))
            {
                var nearest = NearestKey.Of(token.Value, words);
                result.AddError($"{name} {token.Value}: write {(nearest is null ? $"one of {string.Join(", ", words)}" : nearest)}");
            }
        });
        return option;
    }

    internal static Option<int?> Numbered(string name, string description, string help, int min, int max)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = help };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < min || number > max))
            {
                result.AddError($"{name} {token.Value}: write a whole number from {min} to {max}");
            }
        });
        return option;
    }
}
