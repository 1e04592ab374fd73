namespace Gateway.Configuration;

/// <summary>Where something stands. Line and column count from 1.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A node of the configuration tree, untyped: the tables give it a type.</summary>
public abstract record ConfigNode(SourcePosition Position)
{
    /// <summary>What it is, for people.</summary>
    public abstract string What { get; }

    /// <summary>Where the value at the end of these keys stands, or the last map on the way to it.</summary>
    public SourcePosition At(params ReadOnlySpan<string> keys)
    {
        var node = this;
        foreach (var key in keys)
        {
            if (node is not MapNode map || !map.TryGet(key, out var entry))
            {
                break;
            }

            node = entry.Value;
        }

        return node.Position;
    }
}

/// <param name="Position">Where it starts.</param>
/// <param name="Text">Its text, as written.</param>
/// <param name="IsPlain">Without quotes: may mean null when it is empty.</param>
public sealed record ScalarNode(SourcePosition Position, string Text, bool IsPlain) : ConfigNode(Position)
{
    /// <summary>Why it is probably not what was meant (an unquoted # made a comment of it), as a remedy; null: nothing was noticed.</summary>
    public string? Trap { get; init; }

    /// <summary>Nothing was written, or one of YAML's words for nothing.</summary>
    public bool IsNothing => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    public override string What => IsNothing ? "no value" : Shown.Of(Text);
}

/// <summary>Stands where something was written that has been reported already.</summary>
public sealed record ReportedNode(SourcePosition Position) : ConfigNode(Position)
{
    public override string What => "nothing";
}

public sealed record ListNode(SourcePosition Position, IReadOnlyList<ConfigNode> Items) : ConfigNode(Position)
{
    public override string What => "a list";
}

public sealed record MapNode(SourcePosition Position, IReadOnlyList<MapEntry> Entries) : ConfigNode(Position)
{
    public override string What => "a map";

    public bool TryGet(string key, out MapEntry entry)
    {
        foreach (var candidate in Entries)
        {
            if (candidate.Key == key)
            {
                entry = candidate;
                return true;
            }
        }

        entry = default;
        return false;
    }
}

public readonly record struct MapEntry(string Key, SourcePosition KeyPosition, ConfigNode Value);
