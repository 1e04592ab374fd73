using FsCheck;
using FsCheck.Fluent;
using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Modbus;

/// <summary>Decoding gives what encoding put there, whatever the type, the order and the mask. A failure prints the shrunk case and the seeds to replay it with.</summary>
public class PointPropertyTests
{
    private static readonly Gen<ModbusPoint> AnyNumber =
        from type in Gen.Elements(Enum.GetValues<ModbusType>().Where(t => t != ModbusType.Bool && !t.IsText()).ToArray())
        from order in Gen.Elements(ByteOrders.Common.Concat(type.Width() == 4 ? ByteOrders.OfFourRegisters : []).ToArray())
        from number in Gen.Choose(0, 15)
        from mask in ArbMap.Default.GeneratorFor<ulong>()
        from isMasked in Gen.Elements(false, false, true)
        from shift in Gen.Choose(0, 20)
        from hasSentinel in Gen.Elements(false, true)
        let all = ulong.MaxValue >> (64 - (type.Width() * 16))
        let isMaskable = type.IsInteger() && !type.IsByte() && isMasked && (mask & all) >> (shift % (type.Width() * 16)) != 0
        select new ModbusPoint(RegisterSpace.Holding, 0, type, order)
        {
            Number = type == ModbusType.Bit ? number : 0,
            Mask = isMaskable ? mask & all : null,
            Shift = isMaskable ? shift % (type.Width() * 16) : 0,
            NotANumber = hasSentinel ? Sentinels.ByType(type) : Sentinels.None,
        };

    private static readonly Gen<ModbusPoint> AnyText =
        from type in Gen.Elements(ModbusType.String, ModbusType.Bytes)
        from order in Gen.Elements(ByteOrders.Common.ToArray())
        from length in Gen.Choose(1, 123)
        from encoding in Gen.Elements(Enum.GetValues<TextEncoding>())
        select new ModbusPoint(RegisterSpace.Holding, 0, type, order) { Number = length * 2, Encoding = type == ModbusType.String ? encoding : default };

    private static readonly Gen<(decimal Scale, decimal Offset)> AnyScale =
        from scale in Gen.Elements(1m, 0.1m, 0.001m, 10m, 2.5m, -1m)
        from offset in Gen.Elements(0m, -40m, 273.15m)
        select (scale, offset);

    [Fact]
    public void Encode_OfWhatWasDecoded_GivesTheSameRegisters()
    {
        var all = from point in AnyNumber from scale in AnyScale from bits in ArbMap.Default.GeneratorFor<ulong>() select (point, scale, bits);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            // A float with a scale comes back rounded: exactness is promised to integers only.
            var codec = c.point.Type.IsFloat() ? new PointCodec(c.point) : new PointCodec(c.point, c.scale.Scale, c.scale.Offset);
            var wire = new byte[c.point.Width * 2];
            RegisterCodec.Write(wire, c.bits, c.point.Order);
            if (!codec.TryDecode(wire, out var value))
            {
                return true;
            }

            // A part is put among other bits, which stay; what a shift has cut off stays too.
            var back = codec.IsPart ? wire.ToArray() : new byte[wire.Length];
            return codec.Encode(value, back) is null && wire.AsSpan().SequenceEqual(back);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Encode_OfAPart_ChangesNoOtherBit()
    {
        var all = from point in AnyNumber
                  from bits in ArbMap.Default.GeneratorFor<ulong>()
                  from others in ArbMap.Default.GeneratorFor<ulong>()
                  select (Point: point with { NotANumber = Sentinels.None }, bits, others);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var codec = new PointCodec(c.Point);
            var (wire, before) = (new byte[c.Point.Width * 2], new byte[c.Point.Width * 2]);
            RegisterCodec.Write(wire, c.bits, c.Point.Order);
            RegisterCodec.Write(before, c.others, c.Point.Order);
            if (!codec.IsPart || !codec.TryDecode(wire, out var value))
            {
                return true;
            }

            var after = before.ToArray();
            Assert.Null(codec.Encode(value, after));
            Assert.True(codec.TryDecode(after, out var back));
            Assert.Equal(value, back);

            // Encoding the same among all zeros and all ones shows which bits are its own.
            byte[] zeros = new byte[wire.Length], ones = [.. Enumerable.Repeat((byte)0xFF, wire.Length)];
            Assert.Null(codec.Encode(value, zeros));
            Assert.Null(codec.Encode(value, ones));
            return Enumerable.Range(0, wire.Length).All(i => ((after[i] ^ before[i]) & (zeros[i] ^ ones[i])) == 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Decode_OfTextThatWasEncoded_GivesTheText()
    {
        const string Letters = "abcXYZ 019-/éß";
        var all = from point in AnyText from letters in Gen.ListOf(Gen.Elements(Letters.ToCharArray())) from bytes in Gen.ListOf(Gen.Choose(0, 255)) select (point, letters, bytes);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var text = c.point.Type == ModbusType.Bytes
                ? Convert.ToHexStringLower([.. Enumerable.Range(0, c.point.Number).Select(i => (byte)(c.bytes.Count == 0 ? i : c.bytes[i % c.bytes.Count]))])
                : new string([.. c.letters.Take(c.point.Number / 2)]).TrimEnd(' ');
            var wire = new byte[c.point.Width * 2];
            var codec = new PointCodec(c.point);
            return codec.Encode(PointValue.Of(text), wire) is null && codec.TryDecode(wire, out var value) && value == PointValue.Of(text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    /// <summary>From the simulator's registers by the planner's reads to values, for random maps of every type: a point is never disturbed by its neighbours.</summary>
    [Fact]
    public void RandomMaps_ReadAsPlanned_GiveWhatTheSimulatorHolds()
    {
        var point = Gen.OneOf(AnyNumber, AnyText);
        var all = from points in Gen.ListOf(point) from gaps in Gen.ListOf(Gen.Choose(0, 50)) from seconds in Gen.Choose(0, 1000) select (points, gaps, seconds);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var unit = new SimulatedUnit();
            var map = new List<(PointOptions Point, PointValue Value)>();
            var next = 0;
            for (var i = 0; i < c.points.Count; i++)
            {
                next += c.gaps.Count == 0 ? 0 : c.gaps[i % c.gaps.Count];
                var options = TestMap.Holding(0) with { Id = $"p{i}", Address = c.points[i] with { Address = (ushort)next } };
                next += c.points[i].Width;
                var value = new MovingValue(options, i).At(TimeSpan.FromSeconds(c.seconds));
                unit.Set(options, value);
                map.Add((options, value));
            }

            Span<byte> response = stackalloc byte[ModbusLimits.Pdu];
            var request = new byte[5];
            foreach (var read in PollPlanner.Plan(map.Select(m => m.Point), new(125, 2000, 32)))
            {
                RequestPdu.Read(request, FunctionCode.ReadHoldingRegisters, read.Address, read.Count);
                Assert.Equal(2 + read.Bytes, unit.Answer(request, response));
                foreach (var block in BlockPoint.Of(read))
                {
                    Assert.True(block.Codec.TryDecode(response.Slice(2 + (block.Offset * 2), block.Codec.Width * 2), out var value, out var problem), $"{block.Options.Address}: {problem}");
                    var expected = new byte[block.Codec.Width * 2];
                    Assert.Null(block.Codec.Encode(map.Single(m => m.Point.Id == block.Options.Id).Value, expected));
                    Assert.True(block.Codec.TryDecode(expected, out var held));
                    Assert.Equal(held, value);
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }
}
