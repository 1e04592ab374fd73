using System.Globalization;
using Gateway.Bridge;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Setup;

/// <summary>What only the installer knows.</summary>
internal sealed record FirstAnswers
{
    /// <summary>null: the gateway makes one at its first start.</summary>
    public string? Id { get; init; }

    public string Root { get; init; } = GatewayOptions.DefaultRoot;

    /// <summary>A Modbus TCP device; null: none yet.</summary>
    public (string Host, int Port)? Modbus { get; init; }

    /// <summary>The broker upstream; null: none yet.</summary>
    public UpstreamServer? Cloud { get; init; }
}

/// <summary>Understands answers with the kinds of the configuration's keys, so that what is taken here is taken there.</summary>
internal static class FirstAnswer
{
    public const int ModbusPort = 502;

    private static readonly SourcePosition s_nowhere = new("", 1, 1);
    private static readonly UpstreamServerKind s_server = new();

    /// <returns>null; or what is wrong and what to write instead.</returns>
    public static string? Id(string text, ref FirstAnswers answers) => Read(Kinds.Id, text, out var id) is { } problem ? problem : Keep(ref answers, answers with { Id = id });

    /// <inheritdoc cref="Id"/>
    public static string? Root(string text, ref FirstAnswers answers) =>
        Read(Kinds.TopicName, text, out var root) is { } problem ? problem : Keep(ref answers, answers with { Root = root });

    /// <summary><c>host</c>, <c>host:port</c>, <c>[address]:port</c>.</summary>
    /// <inheritdoc cref="Id"/>
    public static string? Modbus(string text, ref FirstAnswers answers)
    {
        var (host, port) = Split(text);
        var problem = Read(Kinds.Host, host, out host) ?? Read(Kinds.Port, port, out _);
        return problem ?? Keep(ref answers, answers with { Modbus = (host, int.Parse(port, CultureInfo.InvariantCulture)) });
    }

    /// <inheritdoc cref="Id"/>
    public static string? Cloud(string text, ref FirstAnswers answers) =>
        Read(s_server, text, out var server) is { } problem ? problem : Keep(ref answers, answers with { Cloud = server });

    private static (string Host, string Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        var isBare = colon < 0 || text.EndsWith(']') || (text.Count(static c => c == ':') > 1 && !text.StartsWith('['));
        return isBare ? (text, $"{ModbusPort}") : (text[..colon], text[(colon + 1)..]);
    }

    private static string? Keep(ref FirstAnswers answers, FirstAnswers changed)
    {
        answers = changed;
        return null;
    }

    private static string? Read<T>(Kind<T> kind, string text, out T value)
    {
        var problems = new ProblemList();
        return kind.TryRead(new ScalarNode(s_nowhere, text, IsPlain: false), problems, out value) ? null : $"{problems.All[0].Wrong}; {problems.All[0].Instead}";
    }
}
