using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Lora;

/// <summary>A point of a node: a value that it sends, and how it is commanded.</summary>
/// <param name="Field">The decoder's name of the value; null: the point's id.</param>
/// <param name="Command">null: read only.</param>
public sealed record LoraPoint(string? Field, LoraCommandFormat? Command) : HeardPoint(Field)
{
    public override string ToString() => base.ToString() + (Command is null ? "" : $", commanded on port {Command.Port}");
}

/// <summary>What is sent to a node that a point is to be written in.</summary>
/// <param name="Port">The port of the frame; means nothing without frames.</param>
/// <param name="Prefix">Bytes in front of the value.</param>
/// <param name="Value">How the value is written.</param>
public sealed record LoraCommandFormat(byte Port, ReadOnlyMemory<byte> Prefix, LayoutField Value)
{
    /// <summary>Its bytes may be 0D 0A next to each other.</summary>
    public bool MayHoldLineEnd => Prefix.Span.IndexOf("\r\n"u8) >= 0 || Prefix.Span.EndsWith("\r"u8) || Value.Shape.Type is not (LayoutType.UInt8 or LayoutType.Int8 or LayoutType.Bool);

    public bool Equals(LoraCommandFormat? other) => other is not null && Port == other.Port && Prefix.Span.SequenceEqual(other.Prefix.Span) && Value == other.Value;

    public override int GetHashCode() => HashCode.Combine(Port, Prefix.Length, Value);

    /// <returns>Why the value cannot be written; null: it can.</returns>
    public string? Encode(Core.PointValue value, out byte[] payload)
    {
        Span<byte> bytes = stackalloc byte[NodeFrame.LongestPayload];
        Prefix.Span.CopyTo(bytes);
        var problem = new LayoutEncoder(new([Value])).Encode(_ => value, null, bytes[Prefix.Length..], out var length);
        payload = problem is null ? bytes[..(Prefix.Length + length)].ToArray() : [];
        return problem is null ? null : problem[(Value.Id.Length + 2)..];
    }
}
