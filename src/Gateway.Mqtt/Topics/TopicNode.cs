using System.Collections.Concurrent;

namespace Gateway.Mqtt;

/// <summary>One level of a <see cref="TopicTree{T}"/>. Read without a lock; changed by one writer at a time.</summary>
internal sealed class TopicNode<T>(TopicNode<T>? parent, string level)
    where T : class
{
    private const int FewChildren = 3;

    private ConcurrentDictionary<string, TopicNode<T>>? _children;
    private TopicNode<T>? _plus;
    private TopicNode<T>? _hash;
    private T? _value;

    public TopicNode<T>? Parent => parent;

    public string Level => level;

    public TopicNode<T>? Plus => Volatile.Read(ref _plus);

    public TopicNode<T>? Hash => Volatile.Read(ref _hash);

    public T? Value
    {
        get => Volatile.Read(ref _value);
        set => Volatile.Write(ref _value, value);
    }

    /// <summary>The levels below that are no wildcards.</summary>
    public IEnumerable<TopicNode<T>> Children => Volatile.Read(ref _children)?.Select(pair => pair.Value) ?? [];

    public bool IsUnused => _value is null && _plus is null && _hash is null && (_children is null || _children.IsEmpty);

    public TopicNode<T>? Child(ReadOnlySpan<char> name) =>
        Volatile.Read(ref _children) is { } children && children.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var child) ? child : null;

    public TopicNode<T>? Any(ReadOnlySpan<char> name) => name switch
    {
        "+" => Plus,
        "#" => Hash,
        _ => Child(name),
    };

    /// <param name="name">The level.</param>
    /// <param name="nodes">Counts the new node, if one was needed.</param>
    public TopicNode<T> GetOrAdd(ReadOnlySpan<char> name, ref int nodes)
    {
        if (Any(name) is { } known)
        {
            return known;
        }

        nodes++;

        var child = new TopicNode<T>(this, name.ToString());
        switch (name)
        {
            case "+":
                Volatile.Write(ref _plus, child);
                break;
            case "#":
                Volatile.Write(ref _hash, child);
                break;
            default:
                var children = _children ?? new(concurrencyLevel: 1, FewChildren, StringComparer.Ordinal);
                children[child.Level] = child;
                Volatile.Write(ref _children, children);
                break;
        }

        return child;
    }

    public void Remove(TopicNode<T> child)
    {
        switch (child.Level)
        {
            case "+":
                Volatile.Write(ref _plus, null);
                break;
            case "#":
                Volatile.Write(ref _hash, null);
                break;
            default:
                _children!.TryRemove(child.Level, out _);
                break;
        }
    }
}
