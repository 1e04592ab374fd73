using System.Text.Json.Nodes;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary>The keys of a point of a device on a <c>lora</c> link.</summary>
internal static class LoraPointTable
{
    private static readonly Kind<decimal> Factor = Kinds.Decimal(-1_000_000_000m, 1_000_000_000m);

    private static readonly Kind<LoraCommandFormat> Command = new Table<LoraCommandFormat>("a map with the type of the value", "{ type: uint8, port: 1 }", ReadCommand);

    public static LoraPoint Read(MapReader map) => new(
        HeardTable.ReadField(map),
        map.Maybe("command", Command, "it cannot be written", "What is sent to the node when the point is written."));

    /// <summary>Why the point cannot be as it is configured; null: it can.</summary>
    public static string? WhyNot(PointOptions point, LoraDevice device, LoraOptions link) => (point.Write, (point.Address as LoraPoint)?.Command) switch
    {
        (not null, null) => "it is to be written, and nothing says what is sent then; add command: { type: uint8 }, or remove write",
        (null, not null) => "command without write; add write: {}, or remove command",
        (not null, _) when device.Node is null && link.HasFrames => "a command needs a node that it is for; add node to the device",
        (not null, _) when link.CreateDialect().LongestPayload == 0 => "the link's modem only receives; add send to the link",
        _ => null,
    };

    private static LoraCommandFormat ReadCommand(MapReader map) => new(
        (byte)map.Optional("port", Kinds.Integer(0, 255, "1"), 0, "Port of the frame (own frames only)."),
        map.Optional<ReadOnlyMemory<byte>>("prefix", new HexKind(), default, "Bytes in front of the value, as hexadecimal digits."),
        new()
        {
            Id = "value",
            Shape = map.Required("type", new LayoutTypeKind(), "How the value is written."),
            IsLittleEndian = map.Optional("byte-order", LayoutFieldTable.ByteOrder, false, "big: the most significant byte first; little: the least significant."),
            Scale = map.Optional("scale", Factor, 1m, "What one step of the value is worth."),
            Offset = map.Optional("offset", Factor, 0m, "What 0 is worth."),
            Position = map.Position,
        });

    /// <summary>Bytes as hexadecimal digits.</summary>
    private sealed class HexKind : ScalarKind<ReadOnlyMemory<byte>>
    {
        public override string Name => "bytes as hexadecimal digits";

        public override string Example => "\"A101\"";

        public override ReadOnlyMemory<byte> Placeholder => default;

        public override string Write(ReadOnlyMemory<byte> value) => Convert.ToHexString(value.Span);

        public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^([0-9A-Fa-f]{2}){0,32}$" };

        protected override Complaint? Parse(string text, out ReadOnlyMemory<byte> value)
        {
            var isHex = text.Length is > 0 and <= 64 && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
            value = isHex ? Convert.FromHexString(text) : default;
            return isHex ? null : NotA(text);
        }
    }
}
