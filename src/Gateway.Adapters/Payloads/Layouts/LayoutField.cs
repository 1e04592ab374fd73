using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>One value of a layout: where it lies, and how its bytes are understood.</summary>
public sealed record LayoutField
{
    public required string Id { get; init; }

    public required LayoutShape Shape { get; init; }

    /// <summary>First byte, from 0; negative: from the end, −1 is the last; null: behind the field before it.</summary>
    public int? At { get; init; }

    /// <summary>Bytes between the field before it and this one.</summary>
    public int Skip { get; init; }

    /// <summary>The bits of an integer or a bool that count; null: all.</summary>
    public BitRange? Bits { get; init; }

    public bool IsLittleEndian { get; init; }

    /// <summary>Multiplied with the raw value, exactly.</summary>
    public decimal Scale { get; init; } = 1;

    /// <summary>Added after scaling.</summary>
    public decimal Offset { get; init; }

    public string? Unit { get; init; }

    /// <summary>Raw values that mean no value, as the bits that count.</summary>
    public IReadOnlyList<ulong> NotANumber { get; init; } = [];

    /// <summary>Words for raw values, which become the value; null: it stays a number.</summary>
    public PointLabels? Labels { get; init; }

    /// <summary>It chooses among cases or fills a place, and is no value.</summary>
    public bool IsHidden { get; init; }

    /// <summary>Where it is configured.</summary>
    public SourcePosition Position { get; init; }

    internal LayoutType Type => Shape.Type;

    /// <summary>Wherever it is written, it is the same.</summary>
    public bool Equals(LayoutField? other) => other is not null
        && (Id, Shape, At, Skip, Bits, IsLittleEndian) == (other.Id, other.Shape, other.At, other.Skip, other.Bits, other.IsLittleEndian)
        && (Scale, Offset, Unit, IsHidden) == (other.Scale, other.Offset, other.Unit, other.IsHidden)
        && Equals(Labels, other.Labels) && NotANumber.SequenceEqual(other.NotANumber);

    public override int GetHashCode() => HashCode.Combine(Id, Shape, At, Skip, Bits, Scale, Offset);

    /// <summary>The bits that count, in the integer that its bytes are.</summary>
    internal BitRange UsedBits => Bits ?? new(0, (Type.Width() * 8) - 1);
}

/// <summary>Some bits of an integer, both ends included; bit 0 is the least significant.</summary>
public readonly record struct BitRange(int First, int Last)
{
    public int Count => Last - First + 1;

    internal ulong Mask => (ulong.MaxValue >> (64 - Count)) << First;

    public bool Overlaps(BitRange other) => First <= other.Last && other.First <= Last;

    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}
