using FsCheck;
using FsCheck.Fluent;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Modbus;

public class PointCodecTests
{
    private static PointOptions Point(ModbusType type, decimal scale = 1, decimal offset = 0, ByteOrder order = ByteOrder.Abcd) =>
        TestMap.Point("p", RegisterSpace.Holding, 0, type, order) with { Scale = scale, Offset = offset };

    private static PointValue Decode(PointOptions point, string wire)
    {
        new PointCodec(point).TryDecode(Convert.FromHexString(wire), out var value);
        return value;
    }

    [Theory]
    [InlineData(ModbusType.Int16, "FFFE", "-2")]
    [InlineData(ModbusType.UInt16, "FFFE", "65534")]
    [InlineData(ModbusType.Int32, "80000000", "-2147483648")]
    [InlineData(ModbusType.UInt32, "80000000", "2147483648")]
    [InlineData(ModbusType.Int64, "8000000000000000", "-9223372036854775808")]
    [InlineData(ModbusType.UInt64, "FFFFFFFFFFFFFFFF", "18446744073709551615")]
    [InlineData(ModbusType.Float32, "43676666", "231.4")]
    [InlineData(ModbusType.Float64, "406CECCCCCCCCCCD", "231.4")]
    public void TryDecode_EachType_GivesItsValue(ModbusType type, string wire, string expected) => Assert.Equal(expected, Decode(Point(type), wire).ToString());

    [Theory]
    [InlineData(ModbusType.UInt16, "090A", "231.4")]
    [InlineData(ModbusType.Float32, "4510A000", "231.4")]
    [InlineData(ModbusType.Float64, "40A2140000000000", "231.4")]
    public void TryDecode_ScaledByATenth_IsNotOffByABit(ModbusType type, string wire, string expected) =>
        Assert.Equal(expected, Decode(Point(type, 0.1m), wire).ToString());

    [Fact]
    public void TryDecode_ScaleAndOffset_ScalesFirst() => Assert.Equal(PointValue.Of(-17.8m), Decode(Point(ModbusType.UInt16, 0.1m, -40), "00DE"));

    [Theory]
    [InlineData(ModbusType.Float32, "7FC00000")]
    [InlineData(ModbusType.Float32, "FF800000")]
    [InlineData(ModbusType.Float64, "7FF8000000000000")]
    [InlineData(ModbusType.Float64, "7FF0000000000000")]
    public void TryDecode_NotANumberOrInfinity_IsNoValue(ModbusType type, string wire)
    {
        Assert.False(new PointCodec(Point(type)).TryDecode(Convert.FromHexString(wire), out var value));
        Assert.Equal(PointValue.None, value);
    }

    [Fact]
    public void TryDecode_Float32ScaledBeyondItsRange_IsNoValue() =>
        Assert.False(new PointCodec(Point(ModbusType.Float32, 1000)).TryDecode(Convert.FromHexString("7F7FFFFF"), out _));

    [Theory]
    [InlineData(ModbusType.Int16, "32768")]
    [InlineData(ModbusType.Int16, "-32769")]
    [InlineData(ModbusType.UInt16, "-1")]
    [InlineData(ModbusType.UInt32, "4294967296")]
    [InlineData(ModbusType.Int64, "9223372036854775808")]
    [InlineData(ModbusType.UInt64, "18446744073709551616")]
    public void Encode_OutOfRange_SaysSoAndWritesNothing(ModbusType type, string value)
    {
        var wire = new byte[type.Width() * 2];
        Assert.Contains($"out of the range of {type.Word()}", new PointCodec(Point(type)).Encode(PointValue.Of(decimal.Parse(value)), wire));
        Assert.All(wire, b => Assert.Equal(0, b));
    }

    [Fact]
    public void Encode_Float32BeyondItsRange_SaysSo() =>
        Assert.Contains("out of the range", new PointCodec(Point(ModbusType.Float32)).Encode(PointValue.Of(1e39), new byte[4]));

    [Fact]
    public void Encode_TextForANumber_SaysSo()
    {
        Assert.Contains("not a number", new PointCodec(Point(ModbusType.UInt16)).Encode(PointValue.Of("warm"), new byte[2]));
        Assert.Contains("not a number", new PointCodec(Point(ModbusType.Float32)).Encode(PointValue.Of("warm"), new byte[4]));
    }

    [Fact]
    public void Encode_BetweenTwoSteps_TakesTheNearer()
    {
        var wire = new byte[2];
        Assert.Null(new PointCodec(Point(ModbusType.Int16, 0.1m)).Encode(PointValue.Of(-21.46m), wire));
        Assert.Equal("FF29", Convert.ToHexString(wire));
    }

    [Fact]
    public void Encode_ThenDecode_GivesTheSameValue_ForAllTypesOrdersAndScales()
    {
        ModbusType[] types = [.. Enum.GetValues<ModbusType>().Where(t => t != ModbusType.Bool)];
        var all = from type in Gen.Elements(types)
                  from order in Gen.Elements(Enum.GetValues<ByteOrder>())
                  from scale in Gen.Elements(1m, 0.1m, 0.001m, 10m, 2.5m, -1m)
                  from offset in Gen.Elements(0m, -40m, 273.15m)
                  from bits in ArbMap.Default.GeneratorFor<ulong>()
                  select (type, order, scale, offset, bits);
        Prop.ForAll(all.ToArbitrary(), c =>
        {
            var point = Point(c.type, c.type.IsFloat() ? 1 : c.scale, c.type.IsFloat() ? 0 : c.offset, c.order);
            var codec = new PointCodec(point);
            var (wire, back) = (new byte[c.type.Width() * 2], new byte[c.type.Width() * 2]);
            RegisterCodec.Write(wire, c.bits, c.order);
            return !codec.TryDecode(wire, out var value) || (codec.Encode(value, back) is null && wire.AsSpan().SequenceEqual(back));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
