using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>One thing, or a list of them.</summary>
internal sealed class OneOrMoreKind<T>(Kind<T> item) : Kind<IReadOnlyList<T>>
{
    private readonly ListKind<T> _list = new(item, min: 1);

    public override string Name => $"{item.Name}, or a list of them";

    public override string Example => item.Example;

    public override IReadOnlyList<T> Placeholder => [];

    public override TableDescription Keys => item.Keys;

    public override string Write(IReadOnlyList<T> value) => value.Count == 1 ? item.Write(value[0]) : _list.Write(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(item.Schema(), _list.Schema()) };

    public override bool TryRead(ConfigNode node, ProblemList problems, out IReadOnlyList<T> value)
    {
        if (node is ListNode)
        {
            return _list.TryRead(node, problems, out value);
        }

        var ok = item.TryRead(node, problems, out var one);
        value = [one];
        return ok;
    }
}
