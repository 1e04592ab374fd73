using System.Runtime.InteropServices;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Readings of one point become one summary per window; each time that summaries are summed up again, their window is the next longer one.</summary>
/// <remarks>Of what is neither a reading nor a summary, nothing is taken in.</remarks>
internal sealed class ReadingDigest : IDigest
{
    /// <summary>What a summary's own members take.</summary>
    private const int Members = 128;

    private readonly Dictionary<Place, Sum> _sums = [];
    private int _level;

    public long Bytes { get; private set; }

    public bool TryAdd(string topic, MqttMessage message)
    {
        if (SummaryPart.Read(message.Payload.Span) is not { } part)
        {
            return false;
        }

        var path = message.Properties.User(GatewayIdentity.PathProperty);
        Add(new Place(topic, path, part.Unsynced, 0, 0), Math.Max(_level, SummaryWindow.Above(part.Window)), new Sum(new ReadingSummary(part, message.Payload), message));
        return true;
    }

    public bool Coarsen()
    {
        if (_level == SummaryWindow.Longest)
        {
            return false;
        }

        _level++;
        foreach (var (place, sum) in _sums.Where(s => s.Key.Level < _level).OrderBy(static s => s.Key.Start).ToList())
        {
            _sums.Remove(place);
            Bytes -= CostOf(place.Topic, sum.Last);
            Add(place, _level, sum);
        }

        return true;
    }

    public IReadOnlyList<StandIn> Finish() => [.. _sums
        .OrderBy(static s => s.Value.Summary.From)
        .ThenBy(static s => s.Key.Topic, StringComparer.Ordinal)
        .Select(static s => new StandIn(s.Key.Topic, s.Value.Message(s.Key.Level)))];

    private static long CostOf(string topic, MqttMessage last) => new StandIn(topic, last).LengthBound + Members;

    private void Add(Place place, int level, Sum added)
    {
        place = place with { Level = level, Start = SummaryWindow.StartOf(added.Summary.From, level) };
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, place, out var exists);
        if (exists)
        {
            Bytes -= CostOf(place.Topic, sum!.Last);
            sum.Add(added);
        }
        else
        {
            sum = added;
        }

        Bytes += CostOf(place.Topic, sum.Last);
    }

    /// <summary>What becomes one summary. What was read before the clock could be trusted stays by itself, and that of each start: their times have nothing to do with each other.
    /// So does what came over other gateways: the loop guard looks at the path.</summary>
    private readonly record struct Place(string Topic, string? Path, long? Unsynced, int Level, long Start);

    /// <summary>A summary that grows, and the message with its last reading: its properties are those of the summary's.</summary>
    private sealed class Sum(ReadingSummary summary, MqttMessage last)
    {
        public ReadingSummary Summary { get; } = summary;

        public MqttMessage Last { get; private set; } = last;

        /// <summary>What stands for all of them; a single one as it came.</summary>
        public MqttMessage Message(int level) => Summary.IsSingle ? Last : Last with { Payload = Summary.Write(level), Properties = GatewayIdentity.Unnamed(Last.Properties) };

        public void Add(Sum other)
        {
            if (Summary.Add(other.Summary))
            {
                Last = other.Last;
            }
        }
    }
}
