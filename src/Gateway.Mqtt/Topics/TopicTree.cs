namespace Gateway.Mqtt;

/// <summary>Values by topic name or by topic filter, one node per level. Readers take no lock; writers take turns.</summary>
/// <remarks>
/// A tree holds either filters, searched by a topic (<see cref="FindFilters"/>), or names, searched by a filter (<see cref="FindNames"/>).
/// The cost of a search is bounded by what matches and by the levels, not by how much else is in the tree. No recursion: a topic may have 65,535 levels.
/// A value that was set before a search began is found by it; one that changes meanwhile may or may not be.
/// </remarks>
public sealed class TopicTree<T>
    where T : class
{
    /// <summary>Bytes that one level takes, roughly: the node, its table and its name.</summary>
    public const int NodeBytes = 320;

    [ThreadStatic]
    private static Stack<Frame>? _frames;

    private readonly Lock _writers = new();
    private readonly TopicNode<T> _root = new(null, "");
    private int _count;
    private int _nodes;

    private readonly record struct Frame(TopicNode<T> Node, int Offset);

    /// <summary>Offset of a frame whose whole subtree matches.</summary>
    private const int Everything = -1;

    /// <summary>Keys that have a value.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Levels in memory: what the tree weighs. A key of 65,535 levels weighs three hundred times its length.</summary>
    public int Nodes => Volatile.Read(ref _nodes);

    public T? Get(ReadOnlySpan<char> key) => Find(key)?.Value;

    /// <summary>Replaces the value of a key by what <paramref name="change"/> makes of it; null removes the key. Changes never run side by side.</summary>
    /// <returns>The value before.</returns>
    public T? Change<TArg>(string key, TArg argument, Func<T?, TArg, T?> change)
    {
        lock (_writers)
        {
            var before = Find(key)?.Value;
            var after = change(before, argument);
            if (after is null)
            {
                if (before is not null)
                {
                    Remove(Find(key)!);
                    Volatile.Write(ref _count, _count - 1);
                }

                return before;
            }

            var node = _root;
            var levels = new TopicLevels(key);
            while (!levels.IsEnd)
            {
                node = node.GetOrAdd(levels.Next(), ref _nodes);
            }

            node.Value = after;
            Volatile.Write(ref _count, _count + (before is null ? 1 : 0));
            return before;
        }
    }

    /// <summary>Adds the values of all filters that match the topic.</summary>
    public void FindFilters(ReadOnlySpan<char> topic, List<T> found)
    {
        var frames = _frames ??= new();
        var reserved = TopicName.IsReserved(topic);
        frames.Push(new(_root, 0));
        while (frames.TryPop(out var frame))
        {
            var node = frame.Node;
            var hidden = reserved && node == _root;
            if (!hidden && node.Hash?.Value is { } all)
            {
                found.Add(all);
            }

            if (frame.Offset > topic.Length)
            {
                if (node.Value is { } exact)
                {
                    found.Add(exact);
                }

                continue;
            }

            var rest = topic[frame.Offset..];
            var slash = rest.IndexOf('/');
            var level = slash < 0 ? rest : rest[..slash];
            var next = frame.Offset + level.Length + 1;
            if (!hidden && node.Plus is { } plus)
            {
                frames.Push(new(plus, next));
            }

            if (node.Child(level) is { } child)
            {
                frames.Push(new(child, next));
            }
        }
    }

    /// <summary>Adds the values of all names that the filter matches.</summary>
    public void FindNames(ReadOnlySpan<char> filter, List<T> found)
    {
        var frames = _frames ??= new();
        frames.Push(new(_root, 0));
        while (frames.TryPop(out var frame))
        {
            var node = frame.Node;
            if (frame.Offset == Everything || frame.Offset > filter.Length)
            {
                if (node.Value is { } value)
                {
                    found.Add(value);
                }

                if (frame.Offset == Everything)
                {
                    PushChildren(frames, node, Everything);
                }

                continue;
            }

            var rest = filter[frame.Offset..];
            var slash = rest.IndexOf('/');
            var level = slash < 0 ? rest : rest[..slash];
            var next = frame.Offset + level.Length + 1;
            if (level is "#")
            {
                if (node.Value is { } parent)
                {
                    found.Add(parent);
                }

                PushChildren(frames, node, Everything);
            }
            else if (level is "+")
            {
                PushChildren(frames, node, next);
            }
            else if (node.Child(level) is { } child)
            {
                frames.Push(new(child, next));
            }
        }
    }

    private void PushChildren(Stack<Frame> frames, TopicNode<T> node, int offset)
    {
        foreach (var child in node.Children)
        {
            if (node != _root || !TopicName.IsReserved(child.Level))
            {
                frames.Push(new(child, offset));
            }
        }
    }

    private TopicNode<T>? Find(ReadOnlySpan<char> key)
    {
        var node = _root;
        var levels = new TopicLevels(key);
        while (node is not null && !levels.IsEnd)
        {
            node = node.Any(levels.Next());
        }

        return node;
    }

    private void Remove(TopicNode<T> node)
    {
        node.Value = null;
        while (node.Parent is { } parent && node.IsUnused)
        {
            parent.Remove(node);
            _nodes--;
            node = parent;
        }
    }
}
