using System.Text;

namespace Gateway.Storage;

/// <summary>Applies commits from a checkpoint on: what stands at the end is how things were when the last one became durable.</summary>
internal sealed class Replay : ICommitVisitor
{
    private readonly List<EntryTarget> _targets = [];

    public Dictionary<uint, RecoveredStream> Streams { get; } = [];

    public Dictionary<string, byte[]> State { get; } = [];

    public void Damage(long bytes)
    {
        foreach (var stream in Streams.Values)
        {
            stream.Unheard += bytes;
        }
    }

    /// <summary>The mark helps out where commits are gone.</summary>
    /// <param name="mark">This journal's mark.</param>
    /// <param name="isTailLost">The mark knows of commits that are not here: nothing is newer than it.</param>
    /// <param name="isComplete">A checkpoint was read: a stream that it does not define is no more.</param>
    public void Complete(JournalMark mark, bool isTailLost, bool isComplete)
    {
        foreach (var frame in mark.Streams)
        {
            var isKnown = Streams.TryGetValue(frame.Number, out var stream);
            if (!isKnown && isComplete && !isTailLost)
            {
                continue;
            }

            stream ??= Of(frame.Number);
            stream.Frame ??= frame;
            stream.Next = Math.Max(stream.Next, frame.Next);
            if (isTailLost)
            {
                // Also of epochs that began since.
                stream.Frame = stream.Frame with { Eras = frame.Eras };
            }
        }
    }

    public void Visit(long offset, CommitHeader header, ReadOnlySpan<byte> frames)
    {
        if (header.IsCheckpoint)
        {
            State.Clear();
            foreach (var stream in Streams.Values)
            {
                stream.Retained.Clear();
            }
        }

        if (header.IsCheckpoint)
        {
            RemoveUnknownTo(frames);
        }

        // What is said of streams holds for the time before this commit's entries, wherever it stands.
        var rest = frames;
        while (Frames.TryNext(ref rest, out var type, out var body))
        {
            Apply(type, body, header.Moment.Wall);
        }

        rest = frames;
        while (Frames.TryNext(ref rest, out var type, out var body))
        {
            if (type == FrameType.Entry)
            {
                Count(body, header.Share);
            }
        }
    }

    /// <summary>A checkpoint restates all streams: one that it does not know was removed.</summary>
    private void RemoveUnknownTo(ReadOnlySpan<byte> frames)
    {
        var known = new HashSet<uint>();
        while (Frames.TryNext(ref frames, out var type, out var body))
        {
            if (type == FrameType.Stream && StreamFrame.Read(body) is { } frame)
            {
                known.Add(frame.Number);
            }
        }

        foreach (var number in Streams.Keys.Where(n => !known.Contains(n)).ToList())
        {
            Streams.Remove(number);
        }
    }

    private void Apply(FrameType type, ReadOnlySpan<byte> body, long wall)
    {
        switch (type)
        {
            case FrameType.Stream when StreamFrame.Read(body) is { } frame:
                var stream = Of(frame.Number);
                stream.Whole = frame;
                Adopt(stream, frame);
                break;
            case FrameType.StreamChange when StreamChange.Read(body) is { } change && Streams.TryGetValue(change.Number, out var changed) && changed.Frame is { } last:
                var isKnown = changed.Whole is { } whole && whole.Serial == change.Serial;
                var now = change.Apply(last, isKnown ? changed.Whole : null);
                Adopt(changed, isKnown ? now : now with { Gaps = [.. now.Gaps, .. LostChanges.Of(last, now, wall)] });
                break;
            case FrameType.Retained when RetainedFrame.TryRead(body, out var number, out var newest):
                foreach (var (topic, seq) in newest)
                {
                    Of(number).Retained[topic] = seq;
                }

                break;
            case FrameType.Put when KeyFrame.TryRead(body, out var key, out var value):
                State[key] = value.ToArray();
                break;
            case FrameType.Remove when KeyFrame.TryRead(body, out var key, out _):
                State.Remove(key);
                break;
        }
    }

    private static void Adopt(RecoveredStream stream, StreamFrame frame)
    {
        stream.Frame = frame;
        stream.Next = frame.Next;
        (stream.BytesSince, stream.Unheard) = (0, 0);
    }

    private void Count(ReadOnlySpan<byte> body, long share)
    {
        _targets.Clear();
        if (!EntryFrame.TryReadHead(body, uint.MaxValue, _targets, out var head))
        {
            return;
        }

        foreach (var target in _targets)
        {
            var stream = Of(target.Stream);
            stream.Next = Math.Max(stream.Next, target.Seq + 1);
            stream.BytesSince += body.Length + Layout.FrameHeader + share;
            stream.Unheard = 0;
            if (head.Retain)
            {
                stream.Retained[target.Topic ?? Encoding.UTF8.GetString(head.OwnTopic)] = target.Seq;
            }
        }
    }

    private RecoveredStream Of(uint number)
    {
        if (!Streams.TryGetValue(number, out var stream))
        {
            stream = new RecoveredStream();
            Streams.Add(number, stream);
        }

        return stream;
    }
}
