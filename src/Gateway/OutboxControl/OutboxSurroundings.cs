using Gateway.Bridge;
using Gateway.Core;

namespace Gateway.OutboxControl;

/// <summary>What the outbox itself does not know.</summary>
internal sealed record OutboxSurroundings
{
    /// <summary>Stands in every identity.</summary>
    public required string GatewayId { get; init; }

    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    public required TopicMapper Topics { get; init; }

    /// <summary>Ids of the bridges that are configured.</summary>
    public required IReadOnlySet<string> Bridges { get; init; }

    public bool IsRunning { get; init; }

    /// <summary>How the bridges are; nothing if the gateway does not run.</summary>
    public Func<IReadOnlyList<BridgeStatus>> Statuses { get; init; } = static () => [];

    /// <summary>Tells people: kind, text, remedy.</summary>
    public Action<string, string, string> Alert { get; init; } = static (_, _, _) => { };

    /// <summary>Files that opening the journal found damaged just now, and what was lost by it.</summary>
    public Storage.JournalReport? Opened { get; init; }
}
