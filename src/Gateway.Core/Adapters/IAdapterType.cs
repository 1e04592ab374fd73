using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>One protocol of the catalog: how it is configured, and how a link of it is brought to life.</summary>
public interface IAdapterType
{
    /// <summary>Name in <c>links: type</c>.</summary>
    string Type { get; }

    /// <summary>One sentence for <c>--help</c>.</summary>
    string Meaning { get; }

    /// <summary>Devices say by themselves what they have: <c>points: auto</c> is possible, and the default.</summary>
    bool FindsPoints => false;

    /// <summary>The keys of a link beside <c>id</c> and <c>type</c>.</summary>
    LinkOptions ReadLink(MapReader map, string id);

    /// <summary>The keys of a device beside <c>id</c>, <c>link</c>, <c>telemetry</c> and <c>points</c>.</summary>
    DeviceAddress ReadDevice(MapReader map);

    /// <summary>The keys of a point beside those that every protocol's have (<see cref="PointTable"/>).</summary>
    /// <param name="map">The point.</param>
    /// <param name="device">What <see cref="ReadDevice"/> gave; another protocol's while keys are described.</param>
    PointAddress ReadPoint(MapReader map, DeviceAddress device);

    /// <summary>Why this point cannot be read, written or scaled as configured (an input register that is to be written, a scaled bool), or null.</summary>
    string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link);

    /// <summary>Makes the adapter of one link. Opens nothing yet.</summary>
    IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, AdapterContext context);
}
