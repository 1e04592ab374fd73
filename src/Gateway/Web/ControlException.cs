using System.Text.Json.Serialization;

namespace Gateway.Web;

/// <summary>What was asked cannot be done: what is wrong, and what to do instead. Travels over the control socket as it is.</summary>
internal sealed class ControlException(ControlProblem problem, string message, string remedy) : Exception(message)
{
    public ControlProblem Problem { get; } = problem;

    public string Remedy { get; } = remedy;

    /// <summary>The one who asks may not open a control socket.</summary>
    public static ControlException Denied(string socket) =>
        new(ControlProblem.Forbidden, $"{Environment.UserName} may not ask the gateway ({socket})", "run it with sudo, or as a member of the gateway's group");

    /// <summary>One line for people.</summary>
    public string Line => $"{Message}; {Remedy}";
}

internal enum ControlProblem
{
    /// <summary>What was asked for is not there.</summary>
    NotFound = 404,

    /// <summary>The question itself is wrong.</summary>
    BadRequest = 400,

    /// <summary>This user may not.</summary>
    Forbidden = 403,

    /// <summary>The one who answers works on another data folder.</summary>
    OtherGateway = 421,

    /// <summary>Not now.</summary>
    Unavailable = 503,

    /// <summary>It was tried, and did not work.</summary>
    Failed = 500,
}

/// <summary>A <see cref="ControlException"/> on its way.</summary>
internal sealed record ControlErrorDocument([property: JsonPropertyName("$error")] string Error, string Remedy);

/// <summary>The last line of a long answer: without it, something broke.</summary>
internal sealed record ControlEndDocument([property: JsonPropertyName("$end")] bool End);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ControlErrorDocument))]
[JsonSerializable(typeof(ControlEndDocument))]
internal sealed partial class ControlJson : JsonSerializerContext;
