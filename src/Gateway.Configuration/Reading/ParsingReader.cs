namespace Gateway.Configuration;

/// <summary>Reads a map that was written, and reports all that is wrong with it.</summary>
internal sealed class ParsingReader(MapNode map, ProblemList problems) : MapReader
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private bool _failed;
    private bool _unjudged;

    public override SourcePosition Position => map.Position;

    public override bool IsSound => !_failed;

    public override T Required<T>(string key, Kind<T> kind, string meaning)
    {
        if (!Read(key, kind, out var value))
        {
            Fail(key, map.Position, $"\"{key}\" is missing", $"add {key}: {kind.Example}");
            return kind.Placeholder;
        }

        return value;
    }

    public override T Optional<T>(string key, Kind<T> kind, T fallback, string meaning) => Read(key, kind, out var value) ? value : fallback;

    public override bool TryOptional<T>(string key, Kind<T> kind, string absent, string meaning, out T value) => Read(key, kind, out value);

    public override T OneOf<T>(string? key, string? chosen, IReadOnlyList<Alternative<T>> alternatives)
    {
        foreach (var alternative in alternatives)
        {
            if (alternative.Name == chosen)
            {
                return alternative.Read(this);
            }
        }

        _unjudged = true;
        return alternatives[0].Read(new DescribingReader());
    }

    public override void NotYet(string key, string meaning)
    {
        _known.Add(key);
        if (map.TryGet(key, out var entry))
        {
            Fail(key, entry.KeyPosition, $"\"{key}\" ({meaning}) is not built yet", "remove it");
        }
    }

    public override SourcePosition At(string key) => map.TryGet(key, out var entry) ? entry.Value.Position : map.Position;

    public override void Wrong(string key, string wrong, string instead)
    {
        if (!_reported.Contains(key))
        {
            Fail(key, At(key), wrong, instead);
        }
    }

    public override void Wrong(SourcePosition position, string wrong, string instead)
    {
        problems.Error(position, wrong, instead);
        _failed = true;
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    /// <returns>Whether the map is free of errors.</returns>
    public bool Finish()
    {
        foreach (var entry in map.Entries)
        {
            if (_unjudged || _known.Contains(entry.Key))
            {
                continue;
            }

            var nearest = NearestKey.Of(entry.Key, _known);
            var colon = entry.Key.IndexOf(':');
            var instead = colon > 0 && _known.Contains(entry.Key[..colon]) ? $"write a space after the colon: {entry.Key[..colon]}: {entry.Key[(colon + 1)..]}"
                : entry.Key.All(char.IsAsciiDigit) ? "write numbers without a comma: it begins the next key"
                : nearest is not null ? $"write \"{nearest}\""
                : _known.Count == 0 ? "remove it: this map is empty"
                : $"the keys here are {string.Join(", ", _known.Order(StringComparer.Ordinal))}";
            Fail(entry.Key, entry.KeyPosition, $"unknown key {Shown.Of(entry.Key)}", instead);
        }

        return !_failed;
    }

    /// <returns>Whether the key is there; the value is a placeholder if it is wrong.</returns>
    private bool Read<T>(string key, Kind<T> kind, out T value)
    {
        _known.Add(key);
        if (!map.TryGet(key, out var entry))
        {
            value = default!;
            return false;
        }

        if (entry.Value is ScalarNode { IsNothing: true } nothing)
        {
            Fail(key, nothing.Position, $"\"{key}\" has no value", nothing.Trap ?? $"write {key}: {kind.Example}, or remove the key");
            value = kind.Placeholder;
        }
        else if (!kind.TryRead(entry.Value, problems, out value))
        {
            _reported.Add(key);
            _failed = true;
        }

        return true;
    }

    private void Fail(string key, SourcePosition position, string wrong, string instead)
    {
        problems.Error(position, wrong, instead);
        _reported.Add(key);
        _failed = true;
    }
}
