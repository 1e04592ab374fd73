using System.CommandLine;
using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Adapters.Serial;
using Gateway.Configuration;

namespace Gateway.Cli;

/// <summary>The options that say on which line a field tool works: a link of the configuration, or one that is described on the command line.</summary>
internal sealed class LineChoice
{
    /// <summary>Id of a link that stands in no configuration.</summary>
    private const string AdHocId = "line";

    private static readonly DurationKind s_timeout = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));

    public Option<string> Config { get; } = ConfigOption.Create();

    public Option<int?> Unit { get; } = Numbered("--unit", "Unit identifier; without it that of the only device on the link, or 1.", "N", 0, 255);

    private readonly Option<string?> _link = new("--link") { Description = "A link of the configuration; without it the only one.", HelpName = "ID" };
    private readonly Option<string?> _host = new("--host") { Description = "A Modbus TCP device that stands in no configuration; port 502 unless named.", HelpName = "HOST[:PORT]" };
    private readonly Option<bool> _rtu = new("--rtu") { Description = "With --host: RTU over TCP, as transparent device servers speak it." };
    private readonly Option<string?> _port = new("--serial-port") { Description = "A serial line that stands in no configuration; edge-gateway ports lists them.", HelpName = "PATH" };
    private readonly Option<int?> _baud = Numbered("--baud", $"With --serial-port; {ModbusRtuOptions.DefaultBaud} unless named.", "N", 50, 4_000_000);
    private readonly Option<string?> _parity = new Option<string?>("--parity") { Description = "With --serial-port: even (unless named), odd or none.", HelpName = "PARITY" }.AcceptOnlyFromAmong("even", "odd", "none");
    private readonly Option<int?> _stopBits = Numbered("--stop-bits", "With --serial-port: 1 (unless named) or 2.", "N", 1, 2);
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long an answer may take; without it as configured, or 500ms. A line that the running gateway holds keeps its own.", HelpName = "DURATION" };

    public void AddTo(Command command, bool withUnit = true)
    {
        foreach (var option in (Option[])[_link, _host, _rtu, _port, _baud, _parity, _stopBits, .. (ReadOnlySpan<Option>)(withUnit ? [Unit] : []), _timeout, Config])
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

    /// <summary>The line that is described; null: none is.</summary>
    public ModbusLinkOptions? AdHocOf(ParseResult parsed)
    {
        ModbusLinkOptions? line = null;
        if (parsed.GetValue(_host) is { } text && TryHost(text, out var host, out var port))
        {
            line = parsed.GetValue(_rtu) ? new ModbusRtuOverTcpOptions(AdHocId, default) { Host = host, Port = port } : new ModbusTcpOptions(AdHocId, default) { Host = host, Port = port };
        }
        else if (parsed.GetValue(_port) is { } path)
        {
            var parity = parsed.GetValue(_parity) switch { "none" => Parity.None, "odd" => Parity.Odd, _ => Parity.Even };
            line = new ModbusRtuOptions(AdHocId, default)
            {
                Serial = new(Path.GetFullPath(path), parsed.GetValue(_baud) ?? ModbusRtuOptions.DefaultBaud, Parity: parity, StopBits: parsed.GetValue(_stopBits) ?? 1),
            };
        }

        return line is null || TimeoutOf(parsed) is not { } timeout ? line : line with { Timeout = timeout };
    }

    private string? WhyNot(System.CommandLine.Parsing.CommandResult result)
    {
        var isSerial = result.GetValue(_port) is not null;
        var named = ((string?[])[result.GetValue(_link), result.GetValue(_host), result.GetValue(_port)]).Count(static n => n is not null);
        return named > 1 ? "--link, --host and --serial-port exclude each other: name one line"
            : !isSerial && (result.GetValue(_baud) is not null || result.GetValue(_parity) is not null || result.GetValue(_stopBits) is not null)
                ? "--baud, --parity and --stop-bits belong to --serial-port; a link has its own in the configuration"
            : result.GetValue(_rtu) && result.GetValue(_host) is null ? "--rtu belongs to --host; a serial line is RTU anyway"
            : result.GetValue(_host) is { } host && !TryHost(host, out _, out _) ? $"--host {host}: not a host and port; write for example 192.0.2.20 or 192.0.2.20:502"
            : result.GetValue(_timeout) is { } timeout && !s_timeout.TryParse(timeout, out _) ? $"--timeout {timeout}: not {s_timeout.Name}; write for example 500ms"
            : null;
    }

    /// <summary><c>192.0.2.20</c>, <c>plc.local:1502</c>, <c>[2001:db8::1]:502</c>, <c>2001:db8::1</c>.</summary>
    internal static bool TryHost(string text, out string host, out int port)
    {
        (host, port) = (text, ModbusHostOptions.DefaultPort);
        var colon = text.LastIndexOf(':');
        var hasPort = colon > 0 && (text.IndexOf(':') == colon || text[colon - 1] == ']');
        if (hasPort)
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > ushort.MaxValue)
            {
                return false;
            }
        }

        host = host.StartsWith('[') && host.EndsWith(']') ? host[1..^1] : host;
        return HostKind.IsValid(host);
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
