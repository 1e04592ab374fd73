using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway;

/// <summary>The sections. Read in the order in which they need each other, whatever the order in the file.</summary>
public static class ConfigurationTable
{
    /// <param name="catalog">The protocols that are built.</param>
    /// <param name="data">The data folder where none is configured.</param>
    /// <param name="templates">Register maps of known devices; null: none.</param>
    public static Kind<GatewayConfiguration> Kind(IReadOnlyList<IAdapterType> catalog, string data = GatewayOptions.DefaultData, TemplateLibrary? templates = null) =>
        new Table<GatewayConfiguration>("the sections", "links: []", map => Read(map, catalog, data, templates ?? TemplateLibrary.Empty));

    private static GatewayConfiguration Read(MapReader map, IReadOnlyList<IAdapterType> catalog, string data, TemplateLibrary templates)
    {
        var gateway = map.Optional("gateway", GatewayTable.Kind(data), new() { Data = data }, "Who this gateway is, and where it keeps its data.");
        var topics = map.Optional("topics", TopicTable.Kind, new(), "A topic template for each kind of message.");
        var broker = map.Optional("broker", BrokerTable.Kind, new(), "The MQTT broker on the LAN.");
        var links = map.Optional("links", Links(catalog), [], "Lines, addresses and radios behind which devices are.");
        var devices = map.Optional("devices", Devices(catalog, links, templates), [], "Devices and their points.");
        var bridges = map.Optional("bridges", Bridges, [], "Brokers upstream, and what goes there and comes from there.");
        var http = map.Maybe("http", HttpTable.Kind, "on 127.0.0.1:9883, if that is free", "Metrics and health for monitoring.") ?? new() { IsDefault = true };
        return new() { Gateway = gateway, Topics = topics, Broker = broker, Links = links, Devices = devices, Bridges = bridges, Http = http };
    }

    private static readonly Kind<IReadOnlyList<BridgeOptions>> Bridges = Kinds.ListOfUnique(BridgeTable.Kind, "the bridge", b => b.Id, b => b.Position);

    private static Kind<IReadOnlyList<LinkOptions>> Links(IReadOnlyList<IAdapterType> catalog) =>
        Kinds.ListOfUnique(LinkTable.Kind(catalog), "the link", l => l.Id, l => l.Position);

    private static Kind<IReadOnlyList<DeviceOptions>> Devices(IReadOnlyList<IAdapterType> catalog, IReadOnlyList<LinkOptions> links, TemplateLibrary templates) =>
        Kinds.ListOfUnique(DeviceTable.Kind(catalog, links, templates), "the device", d => d.Id, d => d.Position);
}
