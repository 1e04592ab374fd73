namespace Gateway.Configuration;

/// <summary>One map of the configuration, while a table names its keys.</summary>
/// <remarks>
/// A table is one function over this class: it names each key once, with kind, default, reason and check. Run against a file it parses, and reports
/// every error; run against nothing it describes, for the JSON Schema and <c>--help</c>. So a table must ask for all its keys on every path.
/// </remarks>
public abstract class MapReader
{
    /// <summary>Where the map stands; for records that must name their place in later checks.</summary>
    public abstract SourcePosition Position { get; }

    /// <summary>Whether a real map is being read and nothing wrong was found in it so far: checks across keys would only judge placeholders otherwise.</summary>
    public abstract bool IsSound { get; }

    /// <summary>A key that must be there. Reports it when it is not, and returns a placeholder so that the other keys are read as well.</summary>
    public abstract T Required<T>(string key, Kind<T> kind, string meaning);

    /// <summary>A key that may be left out.</summary>
    /// <param name="key">In kebab-case.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="fallback">Its value when it is left out.</param>
    /// <param name="meaning">One sentence for <c>--help</c>: what it is, its unit, why the default is what it is.</param>
    public abstract T Optional<T>(string key, Kind<T> kind, T fallback, string meaning);

    /// <summary>A key that may be left out and has no value then; tables use <c>Maybe</c>, which gives null.</summary>
    /// <param name="key">In kebab-case.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="absent">For <c>--help</c>: what holds when it is left out (<c>the gateway's id</c>).</param>
    /// <param name="meaning">One sentence for <c>--help</c>.</param>
    /// <param name="value">The value (a placeholder if it is wrong); meaningless if the key is not there.</param>
    /// <returns>Whether the key is there.</returns>
    public abstract bool TryOptional<T>(string key, Kind<T> kind, string absent, string meaning, out T value);

    /// <summary>Further keys of this same map that depend on a choice made elsewhere (the type of a link). Described are those of all alternatives.</summary>
    /// <param name="key">The key of this map that chooses, if it is in this map; for the schema.</param>
    /// <param name="chosen">The name of the alternative; null or unknown (already reported): the map's other keys are not judged.</param>
    /// <param name="alternatives">At least one.</param>
    public abstract T OneOf<T>(string? key, string? chosen, IReadOnlyList<Alternative<T>> alternatives);

    /// <summary>A capability that is designed and not built yet: refused in so many words.</summary>
    public abstract void NotYet(string key, string meaning);

    /// <summary>Where the key's value stands, or the map if it is left out.</summary>
    public abstract SourcePosition At(string key);

    /// <summary>Reports a value that is impossible beside the others. Silent if the key's value has been reported already.</summary>
    /// <param name="key">The key to point at.</param>
    /// <param name="wrong">What is wrong.</param>
    /// <param name="instead">What to write instead.</param>
    public abstract void Wrong(string key, string wrong, string instead);

    /// <summary>Reports something deeper in this map.</summary>
    public abstract void Wrong(SourcePosition position, string wrong, string instead);
}

/// <param name="Name">What chooses it (<c>modbus-tcp</c>).</param>
/// <param name="Read">Names the keys that come with it.</param>
public sealed record Alternative<T>(string Name, Func<MapReader, T> Read);

/// <summary>Keys without which the record holds null.</summary>
public static class MaybeReference
{
    /// <inheritdoc cref="MapReader.TryOptional"/>
    public static T? Maybe<T>(this MapReader map, string key, Kind<T> kind, string absent, string meaning) where T : class =>
        map.TryOptional(key, kind, absent, meaning, out var value) ? value : null;
}

/// <inheritdoc cref="MaybeReference"/>
public static class MaybeValue
{
    /// <inheritdoc cref="MapReader.TryOptional"/>
    public static T? Maybe<T>(this MapReader map, string key, Kind<T> kind, string absent, string meaning) where T : struct =>
        map.TryOptional(key, kind, absent, meaning, out var value) ? value : null;
}
