using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gateway.Configuration;

/// <summary>YAML's events as a tree with positions. What of YAML surprises people is refused with a word: anchors, aliases, tags, merge keys, more than one document.</summary>
internal sealed class YamlTree
{
    /// <summary>The design nests six deep.</summary>
    private const int Deepest = 32;

    /// <summary>A million nodes of some 100 bytes are what a small machine can spare for a moment.</summary>
    private const int MostNodes = 1_000_000;

    private readonly IParser _parser;
    private readonly string _file;
    private readonly string[] _lines;
    private readonly ProblemList _problems;
    private readonly Stack<SourcePosition> _open = new();
    private int _nodes;

    private YamlTree(string text, string file, ProblemList problems)
    {
        _parser = new Parser(new StringReader(text));
        _lines = text.Split('\n');
        _file = file;
        _problems = problems;
    }

    /// <returns>The map at the root; null if the text is not YAML, which was reported.</returns>
    public static MapNode? Read(string text, string file, ProblemList problems)
    {
        var tree = new YamlTree(text, file, problems);
        try
        {
            return tree.Document();
        }
        catch (YamlException e)
        {
            return tree.GiveUp(new(file, Math.Max(1, (int)e.Start.Line), Math.Max(1, (int)e.Start.Column)), e.Message, isAtEnd: false);
        }
        catch (InvalidOperationException e)
        {
            // The scanner's way to meet the end of a line inside { } (YamlDotNet 16.3): it names no place.
            return tree.GiveUp(tree.Place(tree._parser.Current?.End ?? Mark.Empty), e.Message, isAtEnd: true);
        }
    }

    private MapNode? GiveUp(SourcePosition position, string message, bool isAtEnd)
    {
        var problem = YamlTraps.Explain(position, message, _lines, _open.TryPeek(out var open) ? open : null, isAtEnd);
        _problems.Error(problem.Position, problem.Wrong, problem.Instead);
        return null;
    }

    private MapNode? Document()
    {
        MapNode? root = null;
        while (_parser.MoveNext())
        {
            switch (_parser.Current)
            {
                case StreamStart or StreamEnd or DocumentEnd:
                    break;
                case DocumentStart start:
                    if (root is not null)
                    {
                        _problems.Error(Place(start.Start), "a second document begins here", "remove the ---, or write it into a file of conf.d");
                        return null;
                    }

                    break;
                default:
                    if (Node(0) is not { } node)
                    {
                        return null;
                    }

                    root = node as MapNode ?? (node is ScalarNode { IsNothing: true } ? new MapNode(node.Position, []) : null);
                    if (root is null)
                    {
                        _problems.Error(node.Position, $"{node.What} where the sections belong", "begin with gateway:, broker:, links:, devices: or bridges:");
                        return null;
                    }

                    break;
            }
        }

        return root ?? new MapNode(new(_file, 1, 1), []);
    }

    /// <summary>The node that begins with the current event; leaves its last event current. Null: too deep or too many, reported.</summary>
    private ConfigNode? Node(int depth)
    {
        var current = _parser.Current!;
        var position = Place(current.Start);
        if (depth > Deepest || ++_nodes > MostNodes)
        {
            _problems.Error(position, depth > Deepest ? $"nested more than {Deepest} deep" : $"more than {MostNodes} values", "remove what does not belong here");
            return null;
        }

        if (current is NodeEvent { Anchor.IsEmpty: false } anchored && current is not AnchorAlias)
        {
            _problems.Error(position, $"an anchor (&{anchored.Anchor.Value}): they are not taken here", "write the value out, or put it in quotes if it begins with &");
        }

        if (current is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            _problems.Error(position, $"a tag ({tagged.Tag}): they are not taken here", "remove it, or put the value in quotes if it begins with !");
        }

        switch (current)
        {
            case Scalar scalar:
                return new ScalarNode(position, scalar.Value, scalar.Style == ScalarStyle.Plain)
                {
                    Trap = scalar.Style != ScalarStyle.Plain ? null : scalar.Value.Length == 0 ? YamlTraps.OfEmpty(_lines, position) : YamlTraps.OfWord(scalar.Value),
                };
            case SequenceStart sequence:
                return InFlow(sequence.Style == SequenceStyle.Flow, position, () => List(position, depth));
            case MappingStart mapping:
                return InFlow(mapping.Style == MappingStyle.Flow, position, () => Map(position, depth));
            case AnchorAlias alias:
                _problems.Error(position, $"an alias (*{alias.Value.Value}): they are not taken here", "write the value out, or put it in quotes if it begins with *");
                return new ReportedNode(position);
            default:
                // The parser takes a lone ":" for a key and then ends the map without its value (YamlDotNet 16.3).
                _problems.Error(position, "a colon without a key", "write key: value");
                return null;
        }
    }

    /// <summary>Remembers an open bracket while its content is read; when the parser gives up, it stays.</summary>
    private ConfigNode? InFlow(bool isFlow, SourcePosition position, Func<ConfigNode?> read)
    {
        if (!isFlow)
        {
            return read();
        }

        _open.Push(position);
        var node = read();
        _open.Pop();
        return node;
    }

    private ListNode? List(SourcePosition position, int depth)
    {
        var items = new List<ConfigNode>();
        while (_parser.MoveNext() && _parser.Current is not SequenceEnd)
        {
            if (Node(depth + 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return new(position, items);
    }

    private MapNode? Map(SourcePosition position, int depth)
    {
        var entries = new List<MapEntry>();
        var places = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        while (_parser.MoveNext() && _parser.Current is not MappingEnd)
        {
            if (Node(depth + 1) is not { } key || !_parser.MoveNext() || Node(depth + 1) is not { } value)
            {
                return null;
            }

            if (key is ReportedNode)
            {
                continue;
            }

            if (key is not ScalarNode { Text.Length: > 0 } name)
            {
                _problems.Error(key.Position, $"{key.What} as a key", "write a word, a colon and a space: key: value");
            }
            else if (name is { Text: "<<", IsPlain: true })
            {
                _problems.Error(key.Position, "a merge (<<): it is not taken here", "write the keys out");
            }
            else if (!places.TryAdd(name.Text, key.Position))
            {
                _problems.Error(key.Position, $"\"{name.Text}\" is there twice, first at {places[name.Text]}", "remove one of them");
            }
            else
            {
                entries.Add(new(name.Text, key.Position, value));
            }
        }

        return new(position, entries);
    }

    private SourcePosition Place(in Mark mark) => new(_file, (int)mark.Line, (int)mark.Column);
}
