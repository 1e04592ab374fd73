using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>The keys of a layout.</summary>
public static class LayoutTable
{
    private static readonly Kind<IReadOnlyList<RawNumber>> Whens = Kinds.OneOrMore(new RawNumberKind(allowsByType: false));

    /// <summary>A layout, as a map.</summary>
    public static Kind<Layout> Kind { get; } = new Table<Layout>("a layout", "{ fields: [{ id: temperature, type: int16, scale: 0.1 }] }", Read);

    /// <summary>For tables that hold further keys beside those of a layout.</summary>
    public static Layout Read(MapReader map)
    {
        var isLittleEndian = map.Optional("byte-order", LayoutFieldTable.ByteOrder, false, "Of the fields that have none of their own.");
        var fields = LayoutFieldTable.List(isLittleEndian);
        var cases = Kinds.List(Kinds.Placed(new Table<PlacedCase>("a case", "{ when: 1, fields: [{ id: temperature, type: int16 }] }", m => ReadCase(m, fields)), (c, p) => c with { Position = p }));
        var layout = new Layout(map.Optional("fields", fields, [], "What the payload holds, in its order."))
        {
            Choose = map.Maybe("choose", Kinds.Id, "no cases", "The field whose raw value chooses among the cases, or port: the number beside the payload (LoRaWAN's FPort, the port of our own frame)."),
            Repeats = map.Optional("repeat", Kinds.Boolean, false, "The fields, and the case they choose, begin anew until the payload ends; what comes again has its number behind its name: temperature, temperature-2."),
            Length = map.Maybe("length", Kinds.Integer(1, 4096, "12"), "any", "The only length of such a payload, in bytes; others are refused."),
        };
        var placed = map.Optional("cases", cases, [], "Further fields, chosen by choose; they begin behind the fields in front.");
        layout = layout with { Cases = [.. placed.Select(c => c.Case)] };
        if (map.IsSound)
        {
            Judge(map, layout, placed);
        }

        return layout;
    }

    private static PlacedCase ReadCase(MapReader map, Kind<IReadOnlyList<LayoutField>> fields) => new(
        new(
            map.Maybe("when", Whens, "all that no other case names", "The raw value, or a list of them, for which it holds.")?.Select(w => w.Whole).ToList(),
            map.Required("fields", fields, "What follows then.")),
        map.Position);

    private static void Judge(MapReader map, Layout layout, IReadOnlyList<PlacedCase> placed)
    {
        if (layout.Fields.Count == 0 && placed.Count == 0)
        {
            map.Wrong(map.Position, "a layout without fields", "write fields: [{ id: temperature, type: int16, scale: 0.1 }]");
        }
        else if (layout.Choose is null != (placed.Count == 0))
        {
            map.Wrong(layout.Choose is null ? "cases" : "choose", layout.Choose is null ? "cases, and nothing chooses among them" : "choose without cases", layout.Choose is null ? "add choose: and the id of a field" : "add cases, or remove choose");
        }
        else if (layout.Choose is not null && layout.Choose != Layout.Port && layout.Fields.FirstOrDefault(f => f.Id == layout.Choose) is not { Type: var type })
        {
            map.Wrong("choose", $"\"{layout.Choose}\" is none of the fields in front of the cases", $"write one of {string.Join(", ", layout.Fields.Select(f => f.Id).Append(Layout.Port))}");
        }
        else if (layout.Fields.FirstOrDefault(f => f.Id == layout.Choose) is { } field && !field.Type.IsInteger())
        {
            map.Wrong("choose", $"{field.Id} is {field.Shape}, and only integers choose", "choose by an integer");
        }

        JudgeCases(map, layout, placed);
        if (layout.Length is { } length && End(layout) is var end && end > length)
        {
            map.Wrong("length", $"the fields take {end} bytes, and length is {length}", $"write at least {end}");
        }
    }

    private static void JudgeCases(MapReader map, Layout layout, IReadOnlyList<PlacedCase> placed)
    {
        var seen = new HashSet<decimal>();
        var others = 0;
        foreach (var (one, position) in placed)
        {
            foreach (var number in one.When ?? [])
            {
                if (!seen.Add(number))
                {
                    map.Wrong(position, $"two cases are for {number}", "give each its own values of when");
                }
            }

            if (one.When is null && ++others == 2)
            {
                map.Wrong(position, "two cases without when", "only one can be for all the others");
            }

            if (one.Fields.FirstOrDefault(f => layout.Fields.Any(g => g.Id == f.Id)) is { } twice)
            {
                map.Wrong(twice.Position, $"field \"{twice.Id}\" is in front of the cases too", "give one of them another id");
            }
        }
    }

    /// <summary>Bytes that the fields take at least.</summary>
    private static int End(Layout layout)
    {
        var cursor = new LayoutCursor();
        var end = 0;
        foreach (var field in layout.Fields.Where(f => f.At is null or >= 0))
        {
            var at = cursor.Begin(field, 0) + (field.Shape.LengthIn?.Width() ?? 0) + (field.Type.IsText() ? field.Shape.Length : field.Type.Width());
            cursor.End(at);
            end = Math.Max(end, at);
        }

        return end;
    }

    private sealed record PlacedCase(LayoutCase Case, SourcePosition Position);
}
