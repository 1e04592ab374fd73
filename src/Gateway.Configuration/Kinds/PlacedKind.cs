using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A kind whose value remembers where it stands, for checks that need other sections as well.</summary>
internal sealed class PlacedKind<T>(Kind<T> kind, Func<T, SourcePosition, T> place) : Kind<T>
{
    public override string Name => kind.Name;

    public override string Example => kind.Example;

    public override T Placeholder => kind.Placeholder;

    public override TableDescription Keys => kind.Keys;

    public override string Write(T value) => kind.Write(value);

    public override JsonObject Schema() => kind.Schema();

    public override bool TryRead(ConfigNode node, ProblemList problems, out T value)
    {
        var ok = kind.TryRead(node, problems, out value);
        value = place(value, node.Position);
        return ok;
    }
}
