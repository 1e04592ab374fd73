using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>What a template says of itself. Its other keys are those of a device, and are read with the device that uses it.</summary>
internal static class TemplateTable
{
    private static readonly string[] Own = ["device", "document", "page", "unverified"];

    /// <summary>What each device says of itself.</summary>
    private static readonly string[] Foreign = ["id", "link", "template", "only"];

    /// <returns>null: something is wrong with it, which was reported.</returns>
    public static DeviceTemplate? Read(string name, MapNode root, ProblemList problems)
    {
        var ok = true;
        foreach (var entry in root.Entries.Where(e => Foreign.Contains(e.Key)))
        {
            problems.Error(entry.KeyPosition, $"\"{entry.Key}\" in a template", "write it in the device that uses the template");
            ok = false;
        }

        if (!root.TryGet("points", out _))
        {
            problems.Error(root.Position, "a template without points", "add points: [{ id: voltage, register: input 0 }]");
            ok = false;
        }

        var header = root with { Entries = [.. root.Entries.Where(e => Own.Contains(e.Key))] };
        ok &= new Table<TemplateUse>("a template", "{ device: Maker Model, document: its manual, page: 12, points: [] }", map => Read(map, name)).TryRead(header, problems, out var use);
        return ok ? new(use, root with { Entries = [.. root.Entries.Where(e => !Own.Contains(e.Key))] }) : null;
    }

    private static TemplateUse Read(MapReader map, string name)
    {
        var device = map.Required("device", Kinds.Text, "Maker and model.");
        var document = map.Maybe("document", Kinds.Text, "none", "The maker's document in which the registers are.");
        var page = map.Maybe("page", Kinds.Text, "none", "The pages, or the section.");
        var isUnverified = map.Optional("unverified", Kinds.Boolean, false, "It could not be compared with the maker's document.");
        if (map.IsSound && !isUnverified && (document is null || page is null))
        {
            map.Wrong(map.Position, "a template that does not say where its registers are from", "add document: and page:, or unverified: true, which is told whenever it is used");
        }

        return new(name, device, document, page, isUnverified, map.Position.File);
    }
}
