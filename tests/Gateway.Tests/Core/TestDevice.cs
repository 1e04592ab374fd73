using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Core;

/// <summary>A device of no protocol in particular.</summary>
internal static class TestDevice
{
    public static readonly TopicMapper Topics = new(new TopicOptions(), "acme/berlin", "gw-1");

    public static DeviceOptions With(string id, params IReadOnlyList<PointOptions> points) => new()
    {
        Id = id,
        Link = new TestLink(),
        Address = new TestDeviceAddress(),
        Points = [.. points.Select(p => p with { Device = id })],
    };

    public static PointOptions Point(string id) => new() { Device = "", Id = id, Address = new TestPointAddress() };

    internal sealed record TestLink() : LinkOptions("line", "test", new SourcePosition("test.yaml", 1, 1))
    {
        public override string Address => "nowhere";
    }

    internal sealed record TestDeviceAddress : DeviceAddress;

    internal sealed record TestPointAddress : PointAddress
    {
        public override string ToString() => "nothing";
    }
}
