using System.CommandLine;
using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Verification;

namespace Gateway.Cli;

/// <summary>What <c>verify</c> is to do.</summary>
/// <param name="Audit">Follows the rules.</param>
/// <param name="Lines">Files to read; empty: listen.</param>
/// <param name="Servers">How to connect, in order.</param>
/// <param name="Filters">What to subscribe.</param>
/// <param name="Limit">How long; null: until it is stopped.</param>
/// <param name="UntilComplete">End once nothing is open, and fail if something is.</param>
/// <param name="Json">For programs.</param>
internal sealed record VerifyPlan(
    IdentityAudit Audit, IReadOnlyList<string> Lines, IReadOnlyList<MqttClientOptions> Servers, IReadOnlyList<string> Filters, TimeSpan? Limit, bool UntilComplete, bool Json);

/// <summary>The options of <c>verify</c>.</summary>
internal sealed class VerifyOptions
{
    private const string V500 = "5";
    private const string V311 = "3.1.1";

    private static readonly DurationKind s_duration = new(TimeSpan.FromSeconds(1), TimeSpan.FromDays(365));

    private readonly Option<string> _config = ConfigOption.Create();
    private readonly Option<string?> _bridge = new("--bridge") { Description = "Listen where this bridge of the configuration sends: its servers, TLS and user. Without it the only bridge.", HelpName = "ID" };
    private readonly Option<string?> _server = new("--server") { Description = "Listen there: mqtt://host:1883 or mqtts://host:8883.", HelpName = "ADDRESS" };
    private readonly Option<string[]> _lines = new("--lines") { Description = "Read recorded messages, one JSON object a line; - is standard input. May be repeated.", HelpName = "FILE" };
    private readonly Option<string?> _username = new("--username") { Description = "With --server.", HelpName = "NAME" };
    private readonly Option<string?> _passwordFile = new("--password-file") { Description = "File that holds the password; with --server.", HelpName = "FILE" };
    private readonly Option<string?> _ca = new("--ca") { Description = "Certificate authorities (PEM) instead of the system's; with --server.", HelpName = "FILE" };
    private readonly Option<string?> _certificate = new("--certificate") { Description = "Own certificate (PEM); with --server.", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--key") { Description = "Its key (PEM); with --server.", HelpName = "FILE" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client identifier; without it a fresh one. Never one that is in use: its session would end.", HelpName = "ID" };
    private readonly Option<string> _protocol = Protocol();
    private readonly Option<string[]> _filter = new("--filter") { Description = "What to subscribe instead of #; it must cover all that the gateways send. May be repeated.", HelpName = "FILTER" };
    private readonly Option<string[]> _gateway = new("--gateway") { Description = "Judge this gateway only. May be repeated.", HelpName = "ID" };
    private readonly Option<bool> _fromStart = new("--from-start") { Description = "Judge every stream from number 1." };
    private readonly Option<string?> _for = new("--for") { Description = "How long, for example 30s or 10m; without it until Ctrl+C.", HelpName = "DURATION" };
    private readonly Option<bool> _untilComplete = new("--until-complete") { Description = "End as soon as nothing is open; fail if something is at the end." };
    private readonly Option<bool> _json = new("--json") { Description = "For programs." };

    private Option[] Remote => [_username, _passwordFile, _ca, _certificate, _key];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_config, _bridge, _server, _lines, .. Remote, _clientId, _protocol, _filter, _gateway, _fromStart, _for, _untilComplete, _json])
        {
            command.Options.Add(option);
        }
    }

    /// <returns>The plan; without one, everything that is wrong has been said, and the exit code tells what kind of wrong it is.</returns>
    public (VerifyPlan? Plan, int Code) Read(ParseResult parsed, IReadOnlyList<IAdapterType> catalog, TextWriter error)
    {
        if (Misuse(parsed) is { } misuse)
        {
            error.WriteLine(misuse);
            return (null, ExitCode.WrongUsage);
        }

        TimeSpan? limit = parsed.GetValue(_for) is { } text && s_duration.TryParse(text, out var duration) ? duration : null;
        var topics = ReportTopics.Default;
        List<MqttClientOptions> servers = [];
        if (parsed.GetValue(_lines) is not { Length: > 0 })
        {
            var (bridge, code) = parsed.GetValue(_server) is null
                ? OfConfiguration(parsed.GetValue(_config)!, parsed.GetValue(_bridge), catalog, error, out topics)
                : OfOptions(parsed, error);
            if (bridge is null)
            {
                return (null, code);
            }

            string? problem = null;
            var password = bridge.Password?.TryRead(out problem);
            if (problem is not null)
            {
                error.WriteLine($"edge-gateway: the password cannot be read: {problem}");
                return (null, ExitCode.Failed);
            }

            servers.AddRange(bridge.Servers.Select(s => Connection(parsed, bridge, s, password)));
        }

        var audit = new IdentityAudit(topics) { FromStart = parsed.GetValue(_fromStart), Only = parsed.GetValue(_gateway) ?? [] };
        var filters = parsed.GetValue(_filter) is { Length: > 0 } named ? named : ["#"];
        return (new VerifyPlan(audit, parsed.GetValue(_lines) ?? [], servers, filters, limit, parsed.GetValue(_untilComplete), parsed.GetValue(_json)), ExitCode.Done);
    }

    private string? Misuse(ParseResult parsed)
    {
        var ways = (parsed.GetValue(_bridge) is null ? 0 : 1) + (parsed.GetValue(_server) is null ? 0 : 1) + (parsed.GetValue(_lines) is { Length: > 0 } ? 1 : 0);
        var given = Remote.FirstOrDefault(o => parsed.GetResult(o) is not null);
        return ways > 1 ? "say once where the messages are: --bridge ID, --server ADDRESS or --lines FILE"
            : parsed.GetValue(_server) is null && given is not null ? $"{given.Name} belongs to --server"
            : parsed.GetValue(_lines) is { Length: > 0 } && parsed.GetValue(_for) is not null ? "--for is for listening; lines are read to their end"
            : parsed.GetValue(_passwordFile) is not null && parsed.GetValue(_username) is null ? "--password-file needs --username NAME"
            : (parsed.GetValue(_certificate) is null) != (parsed.GetValue(_key) is null) ? "--certificate and --key belong together"
            : parsed.GetValue(_for) is { } text && !s_duration.TryParse(text, out _) ? $"--for {text}: not {s_duration.Name}; write for example 30s or 10m"
            : parsed.GetValue(_filter)?.FirstOrDefault(f => !TopicFilter.IsValid(f)) is { } filter ? $"--filter {filter}: not a topic filter"
            : null;
    }

    private static (BridgeOptions? Bridge, int Code) OfConfiguration(string path, string? id, IReadOnlyList<IAdapterType> catalog, TextWriter error, out ReportTopics topics)
    {
        topics = ReportTopics.Default;
        var (configuration, problems) = ConfigurationLoader.Load(path, catalog);
        if (configuration is null)
        {
            problems.WriteTo(error);

            return (null, ExitCode.BadConfiguration);
        }

        var known = configuration.Bridges.Count == 0 ? "it has none" : $"it has {string.Join(", ", configuration.Bridges.Select(b => b.Id))}";
        var chosen = id is null ? [.. configuration.Bridges] : configuration.Bridges.Where(b => b.Id == id).ToList();
        if (chosen is not [var bridge])
        {
            error.WriteLine(id is null ? $"which bridge of {path}? {known}; name it with --bridge ID, or a server with --server ADDRESS" : $"--bridge {id}: there is no such bridge in {path}; {known}");
            return (null, ExitCode.WrongUsage);
        }

        topics = new ReportTopics([
            .. ((string[])[configuration.Topics.GatewayGaps, configuration.Topics.GatewayStream]).Select(t => t.Replace("{root}", configuration.Gateway.Root, StringComparison.Ordinal)),
        ]);
        return (bridge, ExitCode.Done);
    }

    private (BridgeOptions? Bridge, int Code) OfOptions(ParseResult parsed, TextWriter error)
    {
        if (new UpstreamServerKind().TryParse(parsed.GetValue(_server)!, out var server) is { } complaint)
        {
            error.WriteLine($"--server: {complaint.Wrong}; {complaint.Instead}");
            return (null, ExitCode.WrongUsage);
        }

        var tls = parsed.GetValue(_ca) is null && parsed.GetValue(_certificate) is null ? null
            : new UpstreamTlsOptions { Ca = Full(parsed.GetValue(_ca)), Certificate = Full(parsed.GetValue(_certificate)), Key = Full(parsed.GetValue(_key)) };
        if (tls is not null && !server.Tls)
        {
            error.WriteLine("certificates, and a server that does not use them: write mqtts:// in --server");
            return (null, ExitCode.WrongUsage);
        }

        return (new BridgeOptions
        {
            Id = "verify",
            Servers = [server],
            Username = parsed.GetValue(_username),
            Password = Full(parsed.GetValue(_passwordFile)) is { } file ? new Secret(SecretKind.File, file) : null,
            Tls = tls,
        }, ExitCode.Done);
    }

    private static Option<string> Protocol()
    {
        var option = new Option<string>("--protocol")
        {
            Description = "5, or 3.1.1 for a broker without 5.0: identities are seen in JSON payloads only, and a lost line ends the session.",
            DefaultValueFactory = static _ => V500,
        };
        option.AcceptOnlyFromAmong(V500, V311);
        return option;
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    private MqttClientOptions Connection(ParseResult parsed, BridgeOptions bridge, UpstreamServer server, string? password) => new()
    {
        Host = server.Host,
        Port = server.Port,
        Tls = server.Tls ? UpstreamFiles.Tls(bridge) ?? new TlsFiles() : null,
        Version = parsed.GetValue(_protocol) == V311 ? ProtocolVersion.V311 : ProtocolVersion.V500,
        ClientId = parsed.GetValue(_clientId) ?? FreshId,
        Username = bridge.Username,
        Password = password,
        ReceiveMaximum = 1_000,
    };

    /// <summary>The same on every reconnection: the session is kept by it.</summary>
    private static string FreshId { get; } = $"edge-gateway-verify-{Guid.NewGuid():N}"[..32];
}
