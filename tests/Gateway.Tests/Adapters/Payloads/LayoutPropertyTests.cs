using FsCheck;
using FsCheck.Fluent;
using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Payloads;

/// <summary>What was encoded comes back when it is decoded, whatever the layout; whatever the bytes, decoding gives values or a reason.</summary>
public class LayoutPropertyTests
{
    private static readonly Gen<LayoutField> AnyField =
        from type in Gen.Elements(Enum.GetValues<LayoutType>())
        from isLittle in Gen.Elements(false, true)
        from skip in Gen.Elements(0, 0, 0, 2)
        from bit1 in Gen.Choose(0, 63)
        from bit2 in Gen.Choose(0, 63)
        from isPart in Gen.Elements(false, true)
        from scale in Gen.Elements(1m, 0.1m, 0.001m, 10m, -2.5m)
        from offset in Gen.Elements(0m, -40m, 273.15m)
        from hasSentinel in Gen.Elements(false, false, true)
        from text in Gen.Elements(0, 1, 2, 3)
        let width = type.Width() * 8
        let bits = isPart && (type.IsInteger() || type == LayoutType.Bool) ? new BitRange(Math.Min(bit1 % width, bit2 % width), Math.Max(bit1 % width, bit2 % width)) : (BitRange?)null
        let shape = !type.IsText() ? new LayoutShape(type) : text switch { 0 => new(type, 7), 1 => new(type, LengthIn: LayoutType.UInt8), 2 => new(type, LengthIn: LayoutType.UInt16), _ => new LayoutShape(type, 1) }
        let field = new LayoutField
        {
            Id = "x",
            Shape = shape,
            IsLittleEndian = isLittle,
            Skip = skip,
            Bits = bits,
            Scale = type.IsInteger() ? scale : 1,
            Offset = type.IsInteger() ? offset : 0,
        }
        select hasSentinel && type.IsInteger() && new RawNumber(null).TryBits(field, out var sentinel) ? field with { NotANumber = [sentinel] } : field;

    private static readonly Gen<Layout> AnyLayout =
        from fields in AnyField.ListOf(6)
        from common in Gen.Choose(0, 3)
        from hasCases in Gen.Elements(false, true)
        let named = fields.Select((f, i) => f with { Id = $"f{i}" }).ToList()
        select !hasCases
            ? new Layout(named)
            : new Layout([new LayoutField { Id = "kind", Shape = new(LayoutType.UInt8) }, .. named.Take(common)])
            {
                Choose = "kind",
                Cases = [new([7], [.. named.Skip(common)]), new(null, [])],
            };

    [Fact]
    public void Decode_OfWhatWasEncoded_GivesTheSameValues()
    {
        var all = from layout in AnyLayout from seed in ArbMap.Default.GeneratorFor<int>() select (layout, seed);
        var whole = 0;
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var random = new Random(c.seed);
            var values = c.layout.Fields.Concat(c.layout.Cases.SelectMany(k => k.Fields)).ToDictionary(f => f.Id, f => f.Id == "kind" ? PointValue.Of(7m) : Any(f, random));
            var bytes = new byte[200];
            if (new LayoutEncoder(c.layout).Encode(id => values.GetValueOrDefault(id), null, bytes, out var length) is { } problem)
            {
                // What the device uses to say "no value" cannot be said.
                return problem.Contains("no value", StringComparison.Ordinal);
            }

            whole++;
            var decoded = new DecodedValues();
            var outcome = new LayoutDecoder(c.layout).Decode(bytes.AsSpan(0, length), null, decoded);
            return outcome.Status == PayloadStatus.Decoded && decoded.Count == values.Count
                && Enumerable.Range(0, decoded.Count).All(i => decoded[i].Error is null && decoded[i].Value == values[decoded[i].Field]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
        Assert.True(whole > 1000, $"{whole} of 3000 could be encoded");
    }

    [Fact]
    public void Decode_AnyBytes_GivesValuesOrAReason()
    {
        var all = from layout in AnyLayout
                  from repeats in Gen.Elements(false, true)
                  from at in Gen.Choose(-20, 20)
                  from bytes in ArbMap.Default.GeneratorFor<byte[]>()
                  select (layout with { Repeats = repeats, Fields = [layout.Fields[0] with { At = at }, .. layout.Fields.Skip(1)] }, bytes);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var (layout, bytes) = c;
            var values = new DecodedValues();
            var outcome = new LayoutDecoder(layout).Decode(bytes, null, values);
            return outcome.Status == PayloadStatus.Decoded ? outcome.Reason is null : outcome.Reason is not null && (outcome.Status == PayloadStatus.Partly) == (values.Count > 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    /// <summary>A value that the field can say exactly.</summary>
    private static PointValue Any(LayoutField field, Random random)
    {
        if (field.Type.IsText())
        {
            var length = field.Shape.Length > 0 ? field.Type == LayoutType.Bytes ? field.Shape.Length : random.Next(field.Shape.Length + 1) : random.Next(12);
            var bytes = new byte[length];
            random.NextBytes(bytes);
            return PointValue.Of(field.Type == LayoutType.Bytes ? Convert.ToHexStringLower(bytes) : new string([.. bytes.Select(b => (char)('a' + (b % 26)))]));
        }

        var bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue) & (field.UsedBits.Mask >> field.UsedBits.First);
        return field.Type switch
        {
            LayoutType.Bool => PointValue.Of((bits & 1) != 0),
            LayoutType.Float16 => PointValue.Of((float)random.Next(-1000, 1000)),
            LayoutType.Float32 => PointValue.Of((float)random.NextDouble()),
            LayoutType.Float64 => PointValue.Of(random.NextDouble()),
            _ => PointValue.Of((LayoutIntegers.Number(field, bits) * field.Scale) + field.Offset),
        };
    }
}
