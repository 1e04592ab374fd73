using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A short form in one word, and a long form with keys.</summary>
internal sealed class ScalarOrMapKind<T>(Kind<T> scalar, Kind<T> map) : Kind<T>
{
    public override string Name => $"{scalar.Name}, or {map.Name}";

    public override string Example => scalar.Example;

    public override T Placeholder => scalar.Placeholder;

    public override TableDescription Keys => map.Keys;

    public override string Write(T value) => scalar.Write(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(scalar.Schema(), map.Schema()) };

    public override bool TryRead(ConfigNode node, ProblemList problems, out T value) => node switch
    {
        MapNode => map.TryRead(node, problems, out value),
        ScalarNode { IsNothing: false } => scalar.TryRead(node, problems, out value),
        _ => Reject(node, problems, out value),
    };
}
