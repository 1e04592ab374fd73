using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>What a key may hold: a number with bounds, a duration, a choice, a list of something, a map with a table of its own.</summary>
public abstract class Kind<T>
{
    /// <summary>For people, with its article: <c>a duration</c>, <c>a number from 1 to 65535</c>.</summary>
    public abstract string Name { get; }

    /// <summary>A value as one would write it, for remedies.</summary>
    public abstract string Example { get; }

    /// <summary>A value of the kind; stands in where the real one was wrong or absent.</summary>
    public abstract T Placeholder { get; }

    /// <summary>Reads it, reporting every problem.</summary>
    /// <param name="node">What stands there.</param>
    /// <param name="problems">Gets every problem.</param>
    /// <param name="value">The value; with placeholders in it where something was wrong.</param>
    /// <returns>false: at least one problem was reported.</returns>
    public abstract bool TryRead(ConfigNode node, ProblemList problems, out T value);

    /// <summary>JSON Schema (2020-12) of what may stand here.</summary>
    public abstract JsonObject Schema();

    /// <summary>The default as one would write it; empty if it takes more than a line.</summary>
    public abstract string Write(T value);

    /// <summary>The keys of the map that may stand here (or of each item of the list), for <c>--help</c>.</summary>
    public virtual TableDescription Keys => TableDescription.Empty;

    /// <summary>Reports that something of another shape stands here, unless that is known.</summary>
    protected bool Reject(ConfigNode node, ProblemList problems, out T value)
    {
        value = Placeholder;
        if (node is ReportedNode)
        {
            return false;
        }

        var instead = (node as ScalarNode)?.Trap ?? $"write {Example}";
        problems.Error(node.Position, $"{node.What} where {Name} belongs", instead);
        return false;
    }
}
