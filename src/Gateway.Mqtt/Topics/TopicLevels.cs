namespace Gateway.Mqtt;

/// <summary>Walks the levels of a topic or filter without allocating; an empty level counts (§4.7.3: <c>/finance</c> has two).</summary>
internal ref struct TopicLevels(ReadOnlySpan<char> rest)
{
    private ReadOnlySpan<char> _rest = rest;

    /// <summary>Whether all levels have been taken.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>The next level; only while <see cref="IsEnd"/> is false.</summary>
    public ReadOnlySpan<char> Next()
    {
        var slash = _rest.IndexOf('/');
        if (slash < 0)
        {
            IsEnd = true;
            return _rest;
        }

        var level = _rest[..slash];
        _rest = _rest[(slash + 1)..];
        return level;
    }
}
