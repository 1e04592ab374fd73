using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of an entry of <c>links</c>: <c>id</c>, <c>type</c>, and those of the type.</summary>
public static class LinkTable
{
    /// <param name="catalog">The protocols that are built, at least one.</param>
    public static Kind<LinkOptions> Kind(IReadOnlyList<IAdapterType> catalog) =>
        new Table<LinkOptions>("a link", "{ id: plc, type: modbus-tcp, host: 192.0.2.20 }", map => Read(map, catalog));

    private static LinkOptions Read(MapReader map, IReadOnlyList<IAdapterType> catalog)
    {
        var names = catalog.Select(t => t.Type).ToList();
        var types = Kinds.Choice([.. names.Select(n => (n, n))]).Otherwise("");
        var id = map.Required("id", Kinds.Id, "Name of the line, address or radio behind which devices are.");
        var type = map.Required("type", types, string.Join(" ", catalog.Select(t => $"{t.Type}: {t.Meaning}")));
        var link = map.OneOf("type", type, [.. catalog.Select(t => new Alternative<LinkOptions>(t.Type, m => t.ReadLink(m, id)))]);
        return type.Length > 0 ? link : new UnknownLink(id, map.Position);
    }
}

/// <summary>A link whose type is unknown or that is not there at all, which has been reported: its devices are read as far as possible.</summary>
internal sealed record UnknownLink(string Id, SourcePosition Position) : LinkOptions(Id, "", Position)
{
    public override string Address => "?";
}
