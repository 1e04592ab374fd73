using System.Globalization;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Configuration;

/// <summary>A protocol with Modbus TCP's keys, so that tables are tested without the real one.</summary>
internal sealed class FakeModbus : IAdapterType
{
    public static readonly IReadOnlyList<IAdapterType> Catalog = [new FakeModbus()];

    private static readonly string[] Types = ["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"];

    public string Type => "modbus-tcp";

    public string Meaning => "Modbus over TCP.";

    public LinkOptions ReadLink(MapReader map, string id) => new Link(
        id,
        map.Position,
        map.Required("host", Kinds.Host, "Name or address."),
        map.Optional("port", Kinds.Port, 502, "TCP port."),
        map.Optional("timeout", Kinds.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)), TimeSpan.FromMilliseconds(500), "Deadline of a transaction."));

    public DeviceAddress ReadDevice(MapReader map) => new Unit(map.Optional("unit-id", Kinds.Integer(0, 255, "1"), 1, "Unit."));

    public PointAddress ReadPoint(MapReader map, DeviceAddress device) => new Register(
        map.Required("register", new TextKind("a register", "holding 100"), "Space and zero-based address."),
        map.Optional("type", Kinds.Choice([.. Types.Select(t => (t, t))]), "int16", "Type."),
        map.Optional("order", Kinds.Choice(("ABCD", "ABCD"), ("CDAB", "CDAB"), ("BADC", "BADC"), ("DCBA", "DCBA")), "ABCD", "Order."));

    public string? WhyNot(PointOptions point, DeviceAddress device, LinkOptions link) => (Register)point.Address switch
    {
        { Type: "bool" } when point.Scale != 1 || point.Offset != 0 => "a bool has no scale and no offset; leave them out",
        var r when point.Write is not null && r.Where.StartsWith("input", StringComparison.Ordinal) => "Modbus cannot write a register of the input table; leave out write, or name a holding register",
        _ => null,
    };

    public IAdapter Create(LinkOptions link, IReadOnlyList<DeviceOptions> devices, AdapterContext context) => throw new NotSupportedException();

    private sealed record Link(string Id, SourcePosition Position, string Host, int Port, TimeSpan Timeout) : LinkOptions(Id, "modbus-tcp", Position)
    {
        public override string Address => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
    }

    private sealed record Unit(int Id) : DeviceAddress;

    private sealed record Register(string Where, string Type, string Order) : PointAddress
    {
        public override string ToString() => $"{Where} {Type}";
    }
}
