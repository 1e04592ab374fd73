using System.Text.Json.Serialization;

namespace Gateway.Commands;

/// <summary>What the journal remembers of a command, for a day.</summary>
internal sealed record CommandRecord
{
    public CommandState State { get; init; }

    /// <summary>Wall clock of the acceptance, Unix milliseconds.</summary>
    public long At { get; init; }

    /// <summary>Whether that clock could be believed.</summary>
    public bool Trusted { get; init; }

    /// <summary>The device; null once it is answered.</summary>
    public string? Device { get; init; }

    /// <summary>Response Topic (MQTT 5.0 §3.3.2.3.5), while it is not answered.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>Correlation Data, while it is not answered.</summary>
    public byte[]? Correlation { get; init; }

    /// <summary>The bridge by which it came, while it is not answered.</summary>
    public string? Bridge { get; init; }

    /// <summary>What is being answered, until that is on its way: after a crash it is published again.</summary>
    public byte[]? Answer { get; init; }

    /// <summary>Session and Packet Identifier of a command without an id of its own: a DUP of these is the same command.</summary>
    public string? Delivery { get; init; }
}

internal enum CommandState : byte
{
    Accepted = 0,
    Answered = 1,

    /// <summary>The outcome is known; whether its answer became durable is not.</summary>
    Answering = 2,
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CommandRecord))]
internal sealed partial class CommandJson : JsonSerializerContext;
