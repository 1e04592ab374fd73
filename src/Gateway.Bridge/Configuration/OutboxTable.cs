using Gateway.Configuration;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>The keys of <c>bridges: outbox</c>: limits of each lane, and those of single lanes.</summary>
public static class OutboxTable
{
    public static readonly Kind<OutboxOptions> Kind = new Table<OutboxOptions>("a map of limits", "{ size: 1GiB, age: 7d, when-full: drop-oldest }", Read);

    private static readonly Kind<TimeSpan> Commit = Kinds.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60));

    /// <summary>At least one segment of the journal; less could not be reclaimed.</summary>
    private static readonly Kind<long> Size = Kinds.Size(8 << 20, 16L << 40);

    private static readonly Kind<TimeSpan> Age = Kinds.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650));

    private static readonly Kind<WhenFull> Policies = Kinds.Choice(
        ("drop-oldest", WhenFull.DropOldest), ("drop-newest", WhenFull.DropNewest), ("refuse", WhenFull.Refuse)).Refuse(
        "downsample", "\"downsample\" is for readings: events and answers cannot be summed up", "write lanes: { telemetry: { when-full: downsample } }");

    private static readonly Kind<WhenFull> TelemetryPolicies = Kinds.Choice(
        ("drop-oldest", WhenFull.DropOldest), ("drop-newest", WhenFull.DropNewest), ("refuse", WhenFull.Refuse), ("downsample", WhenFull.Downsample));

    private const string PolicyMeaning =
        "What goes when there is no room: the oldest, the newest, or nothing, since the publisher is told (PUBACK 0x97; before MQTT 5, its connection ends). What is dropped is told upstream as a gap.";

    private const string DownsampleMeaning =
        " Or downsample: as the queue fills, the oldest readings become summaries (least, greatest, mean, last) of a minute, then of 10 minutes, an hour, a day, whose age counts anew. What cannot be summed up (objects per device, what is no reading, more than about 4,500 points) is dropped, the oldest first.";

    private static OutboxOptions Read(MapReader map)
    {
        var limits = ReadLimits(map, new(), Policies, PolicyMeaning);
        var lanes = new Table<IReadOnlyDictionary<Lane, StreamLimits>>("a map of lanes", "{ command: { age: 1h } }", lanes => ReadLanes(lanes, limits));
        return new()
        {
            Limits = limits,
            Commit = map.Optional("commit", Commit, OutboxOptions.DefaultCommit, "What a power cut may cost of readings: they are made durable at least so often. The smallest of all bridges holds."),
            Lanes = map.Optional("lanes", lanes, new Dictionary<Lane, StreamLimits>(), "Limits of single lanes; what they leave out is as above."),
        };
    }

    private static StreamLimits ReadLimits(MapReader map, StreamLimits fallback, Kind<WhenFull> policies, string meaning) => new()
    {
        Size = map.Optional("size", Size, fallback.Size, "Bytes on disk, for each lane."),
        Age = map.Optional("age", Age, fallback.Age, "Older messages are dropped."),
        WhenFull = map.Optional("when-full", policies, fallback.WhenFull, meaning),
    };

    private static Dictionary<Lane, StreamLimits> ReadLanes(MapReader map, StreamLimits fallback)
    {
        var lanes = new Dictionary<Lane, StreamLimits>();
        var kind = new Table<StreamLimits>("a map of limits", "{ age: 1h }", lane => ReadLimits(lane, fallback, Policies, PolicyMeaning));
        var telemetry = new Table<StreamLimits>("a map of limits", "{ when-full: downsample }", lane => ReadLimits(lane, fallback, TelemetryPolicies, PolicyMeaning + DownsampleMeaning));
        foreach (var lane in Enum.GetValues<Lane>())
        {
            if (map.Maybe(lane.Name(), lane == Lane.Telemetry ? telemetry : kind, "as above", $"The lane of {lane switch { Lane.Alarm => "events", Lane.Command => "answers to commands", _ => "everything else" }}.") is { } limits)
            {
                lanes[lane] = limits;
            }
        }

        return lanes;
    }
}
