using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>The keys of <c>gateway</c>.</summary>
public static class GatewayTable
{
    /// <param name="data">The data folder where the configuration names none: systemd's state directory, or <see cref="GatewayOptions.DefaultData"/>.</param>
    public static Kind<GatewayOptions> Kind(string data) => new Table<GatewayOptions>("the gateway's section", "{ root: acme/berlin }", map => Read(map, data));

    private static GatewayOptions Read(MapReader map, string data) => new()
    {
        Id = map.Maybe("id", Kinds.Id, "made once at the first start, kept in the data folder", "Unique and stable: upstream tells gateways apart by it."),
        Root = map.Optional("root", Kinds.TopicName, GatewayOptions.DefaultRoot, "First levels of all topics."),
        Clock = map.Optional("clock", Clocks, ClockMode.Auto, "Whether to believe the wall clock: auto asks the kernel; trusted is for a battery clock without NTP."),
        Data = map.Optional("data", Kinds.Path, data, "Folder of the journal and the identity; must outlive restarts."),
        StorageEndurance = map.Maybe(
            "storage-endurance", Kinds.Size(1L << 30, 1L << 50), "not known", "How much the card or disk below data can be written in its life (TBW in its data sheet): status then tells how long it lasts."),
    };

    private static readonly Kind<ClockMode> Clocks = Kinds.Choice(("auto", ClockMode.Auto), ("trusted", ClockMode.Trusted));
}
