using System.Text.Json.Nodes;

namespace Gateway.Configuration;

/// <summary>A map with known keys: one function names them all.</summary>
/// <param name="name">For people, with its article: <c>a link</c>.</param>
/// <param name="example">As one would write it.</param>
/// <param name="read">Asks for every key and makes the record.</param>
public sealed class Table<T>(string name, string example, Func<MapReader, T> read) : Kind<T>
{
    public override string Name => name;

    public override string Example => example;

    public override T Placeholder => read(new DescribingReader());

    public override TableDescription Keys
    {
        get
        {
            var reader = new DescribingReader();
            read(reader);
            return reader.Description;
        }
    }

    public override bool TryRead(ConfigNode node, ProblemList problems, out T value)
    {
        if (node is not MapNode map)
        {
            return Reject(node, problems, out value);
        }

        var reader = new ParsingReader(map, problems);
        value = read(reader);
        return reader.Finish();
    }

    public override JsonObject Schema() => Keys.Schema();

    public override string Write(T value) => "";
}
