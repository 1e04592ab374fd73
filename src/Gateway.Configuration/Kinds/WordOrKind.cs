using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>One word that stands for something else than can be written out, or the thing itself.</summary>
internal sealed class WordOrKind<T>(string word, Kind<T> kind) : Kind<T?>
    where T : class
{
    public override string Name => $"{word}, or {kind.Name}";

    public override string Example => kind.Example;

    public override T? Placeholder => kind.Placeholder;

    public override TableDescription Keys => kind.Keys;

    public override string Write(T? value) => value is null ? word : kind.Write(value);

    public override JsonObject Schema() => new() { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = word }, kind.Schema()) };

    public override bool TryRead(ConfigNode node, ProblemList problems, out T? value)
    {
        if (node is ScalarNode { IsNothing: false } scalar && scalar.Text == word)
        {
            value = null;
            return true;
        }

        var ok = kind.TryRead(node, problems, out var read);
        value = read;
        return ok;
    }
}
