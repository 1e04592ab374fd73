using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>What a scan has found: each unit when it is found, and at the end what to paste.</summary>
/// <param name="output">For what was found.</param>
/// <param name="error">For what was not.</param>
/// <param name="asJson">For programs: one document at the end.</param>
/// <param name="advice">What to try where nobody answers.</param>
internal sealed class ScanReport(TextWriter output, TextWriter error, bool asJson, string advice)
{
    private readonly List<(OpenLine Line, FoundUnit Unit, int Order)> _found = [];
    private readonly List<(OpenLine Line, string Answer)> _silent = [];
    private readonly HashSet<string> _indifferent = new(StringComparer.Ordinal);

    public int Count => _found.Count;

    /// <param name="line">Where it is.</param>
    /// <param name="unit">Who answered.</param>
    /// <param name="order">Place of the line among several; what is to be pasted stands in this order.</param>
    public void Take(OpenLine line, FoundUnit unit, int order = 0)
    {
        _found.Add((line, unit, order));
        if (!asJson)
        {
            output.WriteLine($"{line.Place}: unit {unit.Unit}: {Words.Safe(unit.Name ?? "does not say who it is")}; {unit.Evidence}");
        }
    }

    /// <summary>All the first units answered.</summary>
    public void AnswersToAll(OpenLine line)
    {
        _indifferent.Add(line.Address);
        if (!asJson)
        {
            output.WriteLine($"{line.Place}: every unit answers: most likely one device that does not look at the unit; --units asks for more all the same");
        }
    }

    /// <summary>A host takes connections, and none of the units that were asked for answers.</summary>
    public void Silent(OpenLine line, string units)
    {
        var answer = $"takes connections, no answer from {units}";
        _silent.Add((line, answer));
        if (!asJson)
        {
            output.WriteLine($"{line.Place}: {answer}: edge-gateway scan modbus --host {line.Address} asks all units, if it is a gateway to others");
        }
    }

    /// <summary>A line that cannot be asked.</summary>
    public void Trouble(string line) => error.WriteLine($"edge-gateway: {line}");

    /// <summary>Of many hosts: what became of those on which nothing was found.</summary>
    public void Absent(string summary)
    {
        if (summary.Length > 0)
        {
            error.WriteLine($"edge-gateway: where nothing was found: {summary}");
        }
    }

    public void Conclude()
    {
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonArray([.. _found.OrderBy(static f => f.Order).Select(static f => (JsonNode)Json(f.Line, f.Unit)), .. _silent.Select(static s => (JsonNode)Json(s.Line, s.Answer))])));
            return;
        }

        if (_found.Count == 0)
        {
            error.WriteLine($"edge-gateway: nobody answers; {advice}");
            return;
        }

        output.WriteLine();
        output.WriteLine("to paste, with the points of each device's manual instead of this one (edge-gateway read, watch and solve help to find them):");
        foreach (var text in Yaml())
        {
            output.WriteLine(text);
        }
    }

    private IEnumerable<string> Yaml()
    {
        var groups = _found.OrderBy(static f => f.Order).GroupBy(static f => f.Line.Address).ToList();
        var unnamed = groups.Where(static g => g.First().Line.Name is null).ToList();
        if (unnamed.Count > 0)
        {
            yield return "links:";
        }

        foreach (var group in unnamed)
        {
            yield return $"  - {LineYaml.Of(group.First().Line.Options, NameOf(group.First().Line, unnamed.IndexOf(group)))}";
        }

        yield return "devices:";
        foreach (var group in groups)
        {
            var link = group.First().Line.Name ?? NameOf(group.First().Line, unnamed.IndexOf(group));
            foreach (var (line, unit, _) in group.Take(_indifferent.Contains(group.Key) ? 1 : int.MaxValue))
            {
                yield return $"  - {{ id: {link}-unit-{unit.Unit}, link: {link}, unit-id: {unit.Unit}, points: [{{ id: first, register: holding 0 }}] }}{(unit.Name is { } name ? $"   # {Words.Safe(name)}" : "")}";
            }
        }
    }

    private static string NameOf(OpenLine line, int index) => $"{(line.Options is ModbusHostOptions ? "plc" : "rs485")}-{index + 1}";

    private static JsonObject Json(OpenLine line, string answer)
    {
        var document = RegisterJson.Head(line);
        (document["unit"], document["answer"], document["identity"]) = (null, answer, null);
        return document;
    }

    private static JsonObject Json(OpenLine line, FoundUnit unit)
    {
        var document = RegisterJson.Head(line);
        document["unit"] = (int)unit.Unit;
        document["answer"] = unit.Evidence;
        document["identity"] = unit.Identity is { } identity ? new JsonObject(identity.Objects.Select(static o => KeyValuePair.Create(o.Name, (JsonNode?)JsonValue.Create(o.Text)))) : null;
        return document;
    }
}
