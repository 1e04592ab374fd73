using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>The gateway's own topics.</summary>
/// <param name="Status">Presence, published upstream past the outbox.</param>
/// <param name="Gaps">Ranges that will never arrive.</param>
/// <param name="Stream">The ledger of a stream.</param>
/// <param name="Own">Local topics of the gateway itself that go up by themselves (health, alerts).</param>
public sealed record BridgeTopics(string Status, string Gaps, Func<StreamId, string> Stream, IReadOnlyList<string> Own);

/// <summary>What the presets stand for: this gateway's own topics, one by one.</summary>
/// <param name="Standard">Filters of <c>forward: [standard]</c>.</param>
/// <param name="Commands">Filters of <c>import: [commands]</c>.</param>
public sealed record PresetTopics(IReadOnlyList<string> Standard, IReadOnlyList<string> Commands)
{
    public const string StandardName = "standard";

    public const string CommandsName = "commands";
}
