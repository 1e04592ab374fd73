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

    /// <summary>A key that must be there. Reports it when it is not, and returns a placeholder so that the other keys are read as well.</summary>
    public abstract T Required<T>(string key, Kind<T> kind, string meaning);

    /// <summary>A key that may be left out.</summary>
    /// <param name="key">In kebab-case.</param>
    /// <param name="kind">What it holds.</param>
    /// <param name="fallback">Its value when it is left out.</param>
    /// <param name="meaning">One sentence for <c>--help</c>: what it is, its unit, why the default is what it is.</param>
    public abstract T Optional<T>(string key, Kind<T> kind, T fallback, string meaning);

    /// <summary>A capability that is designed and not built yet: refused in so many words.</summary>
    public abstract void NotYet(string key, string meaning);

    /// <summary>Where the key's value stands, or the map if it is left out.</summary>
    public abstract SourcePosition At(string key);

    /// <summary>Reports a value that is impossible beside the others.</summary>
    /// <param name="key">The key to point at.</param>
    /// <param name="wrong">What is wrong.</param>
    /// <param name="instead">What to write instead.</param>
    public abstract void Wrong(string key, string wrong, string instead);
}
