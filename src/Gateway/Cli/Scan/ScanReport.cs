using System.Text.Json.Nodes;
using Gateway.Adapters.Modbus;

namespace Gateway.Cli;

/// <summary>What a scan has found: each unit when it is found, and at the end what to paste.</summary>
internal sealed class ScanReport(TextWriter output, TextWriter error, bool asJson)
{
    private readonly List<(OpenLine Line, FoundUnit Unit)> _found = [];
    private readonly HashSet<string> _indifferent = new(StringComparer.Ordinal);

    public int Count => _found.Count;

    public void Take(OpenLine line, FoundUnit unit)
    {
        _found.Add((line, unit));
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

    public void Conclude()
    {
        if (asJson)
        {
            output.WriteLine(JsonOutput.Of(new JsonArray([.. _found.Select(static f => (JsonNode)Json(f.Line, f.Unit))])));
            return;
        }

        if (_found.Count == 0)
        {
            error.WriteLine("edge-gateway: nobody answers; check power and wiring (A and B swapped?), try other --bauds and --parities, or a longer --timeout");
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
        var groups = _found.GroupBy(static f => f.Line.Address).ToList();
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
            foreach (var (line, unit) in group.Take(_indifferent.Contains(group.Key) ? 1 : int.MaxValue))
            {
                yield return $"  - {{ id: {link}-unit-{unit.Unit}, link: {link}, unit-id: {unit.Unit}, points: [{{ id: first, register: holding 0 }}] }}{(unit.Name is { } name ? $"   # {Words.Safe(name)}" : "")}";
            }
        }
    }

    private static string NameOf(OpenLine line, int index) => $"{(line.Options is ModbusHostOptions ? "plc" : "rs485")}-{index + 1}";

    private static JsonObject Json(OpenLine line, FoundUnit unit)
    {
        var document = RegisterJson.Head(line);
        document["unit"] = (int)unit.Unit;
        document["answer"] = unit.Evidence;
        document["identity"] = unit.Identity is { } identity ? new JsonObject(identity.Objects.Select(static o => KeyValuePair.Create(o.Name, (JsonNode?)JsonValue.Create(o.Text)))) : null;
        return document;
    }
}
