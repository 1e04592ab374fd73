using System.Runtime.InteropServices;
using System.Text;
using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Readings of one point become one summary per window; each time that summaries are summed up again, their window is the next longer one.</summary>
/// <remarks>Of what is neither a reading nor a summary, nothing is taken in.</remarks>
internal sealed class ReadingDigest : IDigest
{
    /// <summary>What a summary's own members take, and an entry beside topic and payload.</summary>
    private const int Overhead = 160;

    private readonly Dictionary<Place, Sum> _sums = [];
    private int _level;

    public long Bytes { get; private set; }

    public bool TryAdd(string topic, MqttMessage message)
    {
        if (SummaryPart.Read(message.Payload.Span) is not { } part)
        {
            return false;
        }

        Add(topic, part.Unsynced, Math.Max(_level, SummaryWindow.Above(part.Window)), new Sum(new ReadingSummary(part, message.Payload), message));
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
            Bytes -= CostOf(place.Topic, sum);
            Add(place.Topic, place.Unsynced, _level, sum);
        }

        return true;
    }

    public IReadOnlyList<StandIn> Finish() => [.. _sums
        .OrderBy(static s => s.Value.Summary.From)
        .ThenBy(static s => s.Key.Topic, StringComparer.Ordinal)
        .Select(static s => new StandIn(s.Key.Topic, s.Value.Summary.IsSingle ? s.Value.Last : s.Value.Last with { Payload = s.Value.Summary.Write(s.Key.Level) }))];

    private static long CostOf(string topic, Sum sum) => Encoding.UTF8.GetByteCount(topic) + sum.Size + Overhead;

    private void Add(string topic, long? unsynced, int level, Sum added)
    {
        var place = new Place(topic, unsynced, level, SummaryWindow.StartOf(added.Summary.From, level));
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, place, out var exists);
        if (exists)
        {
            sum!.Add(added);
        }
        else
        {
            sum = added;
            Bytes += CostOf(topic, added);
        }
    }

    /// <summary>What becomes one summary. What was read before the clock could be trusted stays by itself, and that of each start: their times have nothing to do with each other.</summary>
    private readonly record struct Place(string Topic, long? Unsynced, int Level, long Start);

    /// <summary>A summary that grows, and the message with its last reading: its properties are those of the summary's.</summary>
    private sealed class Sum(ReadingSummary summary, MqttMessage last)
    {
        public ReadingSummary Summary { get; } = summary;

        public MqttMessage Last { get; private set; } = last;

        /// <summary>Bytes of payload and topic of the first message: those of one point are much of a size.</summary>
        public int Size { get; } = last.Payload.Length + last.Topic.Length;

        public void Add(Sum other)
        {
            if (Summary.Add(other.Summary))
            {
                Last = other.Last;
            }
        }
    }
}
