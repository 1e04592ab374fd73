namespace Gateway.Configuration;

/// <summary>Where something stands. Line and column count from 1.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A node of the configuration tree, untyped: the tables give it a type.</summary>
public abstract record ConfigNode(SourcePosition Position);

/// <param name="Position">Where it starts.</param>
/// <param name="Text">Its text, as written.</param>
/// <param name="IsPlain">Without quotes: may mean null when it is empty.</param>
public sealed record ScalarNode(SourcePosition Position, string Text, bool IsPlain) : ConfigNode(Position);

public sealed record ListNode(SourcePosition Position, IReadOnlyList<ConfigNode> Items) : ConfigNode(Position);

public sealed record MapNode(SourcePosition Position, IReadOnlyList<MapEntry> Entries) : ConfigNode(Position);

public readonly record struct MapEntry(string Key, SourcePosition KeyPosition, ConfigNode Value);
