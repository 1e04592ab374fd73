using Gateway.Bridge;
using Gateway.Broker;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Applying;

/// <summary>Whether two entries mean the same, wherever they stand in their files. A property that is not known here and is no value makes a difference: then more is restarted than needed, never less.</summary>
internal static class Sameness
{
    private static readonly SourcePosition s_nowhere = new("", 0, 0);

    public static bool Same(LinkOptions a, LinkOptions b) => a with { Position = s_nowhere } == b with { Position = s_nowhere };

    /// <summary>Whether links apart, they are the same.</summary>
    public static bool Same(DeviceOptions a, DeviceOptions b) =>
        a with { Position = s_nowhere, Points = [] } == b with { Position = s_nowhere, Points = [], Link = a.Link } && All(a.Points, b.Points, Same);

    public static bool Same(PointOptions a, PointOptions b) => a with { Position = s_nowhere } == b with { Position = s_nowhere };

    public static bool Same(BridgeOptions a, BridgeOptions b) =>
        Bare(a, a.Outbox.Lanes) == Bare(b, a.Outbox.Lanes)
        && a.Servers.SequenceEqual(b.Servers)
        && All(a.Forward, b.Forward, static (x, y) => x with { Position = s_nowhere } == y with { Position = s_nowhere })
        && All(a.Import, b.Import, static (x, y) => x with { Position = s_nowhere } == y with { Position = s_nowhere })
        && a.Outbox.Lanes.OrderBy(l => l.Key).SequenceEqual(b.Outbox.Lanes.OrderBy(l => l.Key));

    public static bool Same(ListenerOptions a, ListenerOptions b) => Bare(a) == Bare(b);

    /// <summary>Whether both let the same people in, wherever they listen.</summary>
    public static bool SameAccess(BrokerOptions a, BrokerOptions b) => a with { Listeners = b.Listeners, Limits = b.Limits } == b;

    public static bool All<T>(IReadOnlyList<T> a, IReadOnlyList<T> b, Func<T, T, bool> same) => a.Count == b.Count && a.Zip(b, same).All(static s => s);

    private static BridgeOptions Bare(BridgeOptions options, IReadOnlyDictionary<Storage.Lane, Storage.StreamLimits> lanes) =>
        options with { Position = s_nowhere, Servers = [], Forward = [], Import = [], Outbox = options.Outbox with { Lanes = lanes } };

    private static ListenerOptions Bare(ListenerOptions options) =>
        options with { Position = s_nowhere, Tls = options.Tls is { } tls ? tls with { Position = s_nowhere } : null };
}
