using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>What a key may hold: a number with bounds, a duration, a choice, a list of something, a map with a table of its own.</summary>
public abstract class Kind<T>
{
    /// <summary>For people: <c>duration</c>, <c>a number from 1 to 65535</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A value of the kind; stands in where the real one was wrong or absent.</summary>
    public abstract T Placeholder { get; }

    /// <summary>Reads it, reporting every problem.</summary>
    /// <returns>false: at least one problem was reported.</returns>
    public abstract bool TryRead(ConfigNode node, ProblemList problems, out T value);

    /// <summary>JSON Schema (2020-12) of what may stand here.</summary>
    public abstract JsonObject Schema();

    /// <summary>The default as one would write it.</summary>
    public abstract string Write(T value);
}
