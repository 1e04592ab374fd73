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
    [InlineData(ModbusType.Int8Hi, "FE01", "-2")]
    [InlineData(ModbusType.Int8Lo, "FE81", "-127")]
    [InlineData(ModbusType.UInt8Hi, "FE01", "254")]
    [InlineData(ModbusType.UInt8Lo, "FE81", "129")]
    [InlineData(ModbusType.Float16, "2E66", "0.1")]
    [InlineData(ModbusType.Float16, "FBFF", "-65500")]
    [InlineData(ModbusType.Bcd16, "9012", "9012")]
    [InlineData(ModbusType.Bcd32, "12345678", "12345678")]
    [InlineData(ModbusType.Bit, "0008", "true")]
    [InlineData(ModbusType.Bit, "FFF7", "false")]
    [InlineData(ModbusType.String, "4142430058585858", "ABC")]
    [InlineData(ModbusType.String, "2041C3A920200000", " Aé")]
    [InlineData(ModbusType.Bytes, "00FF10A0DEADBEEF", "00ff10a0deadbeef")]
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

    [Theory]
    [InlineData(ModbusType.Float16, "7C00", "not a number")]
    [InlineData(ModbusType.Float16, "7E00", "not a number")]
    [InlineData(ModbusType.Bcd16, "9A12", "not decimal digits")]
    [InlineData(ModbusType.Bcd32, "1234567F", "not decimal digits")]
    [InlineData(ModbusType.String, "41FF000000000000", "not UTF-8 text")]
    public void TryDecode_NothingOfTheType_SaysWhy(ModbusType type, string wire, string expected)
    {
        Assert.False(new PointCodec(Point(type)).TryDecode(Convert.FromHexString(wire), out _, out var problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData(ModbusType.UInt16, 0x0FF0UL, 4, "ABCD", "188")]
    [InlineData(ModbusType.UInt16, 0x0FF0UL, 0, "ABCD", "3008")]
    [InlineData(ModbusType.Int16, 0x0FFFUL, 0, "0801", "-2047")]
    [InlineData(ModbusType.Int16, 0UL, 8, "80FF", "-128")]
    [InlineData(ModbusType.UInt32, 0x00FF0000UL, 16, "12345678", "52")]
    [InlineData(ModbusType.UInt64, 0xFFFF000000000000UL, 48, "FEDC000000000000", "65244")]
    public void TryDecode_MaskAndShift_TakeTheirBits(ModbusType type, ulong mask, int shift, string wire, string expected)
    {
        var point = Point(type) with { Address = new ModbusPoint(RegisterSpace.Holding, 0, type) { Mask = mask == 0 ? null : mask, Shift = shift } };
        Assert.Equal(expected, Decode(point, wire).ToString());
    }

    [Theory]
    [InlineData(ModbusType.Int16, "8000")]
    [InlineData(ModbusType.UInt16, "FFFF")]
    [InlineData(ModbusType.Int32, "80000000")]
    [InlineData(ModbusType.UInt32, "FFFFFFFF")]
    [InlineData(ModbusType.Int64, "8000000000000000")]
    [InlineData(ModbusType.UInt64, "FFFFFFFFFFFFFFFF")]
    [InlineData(ModbusType.Bcd16, "FFFF")]
    [InlineData(ModbusType.Bcd32, "FFFFFFFF")]
    [InlineData(ModbusType.Int8Hi, "8012")]
    [InlineData(ModbusType.UInt8Lo, "12FF")]
    public void TryDecode_WhatTheTypeSaysForNoValue_IsNoValue_AndIsNotWritten(ModbusType type, string wire)
    {
        var point = Point(type) with { Address = new ModbusPoint(RegisterSpace.Holding, 0, type) { NotANumber = Sentinels.ByType(type) } };
        Assert.False(new PointCodec(point).TryDecode(Convert.FromHexString(wire), out _, out var problem));
        Assert.Equal("not a number", problem);
        if (!type.IsBcd())
        {
            Assert.Contains("when it has no value", new PointCodec(point).Encode(Decode(Point(type), wire), new byte[type.Width() * 2]));
        }
    }

    [Fact]
    public void TryDecode_Implausible_IsBadWithTheReason_AndRoundsFirst()
    {
        var codec = new PointCodec(Point(ModbusType.Int16, 0.01m) with { Precision = 1, Plausible = new(-40, 120) });
        Assert.True(codec.TryDecode(Convert.FromHexString("2EE4"), out var value));
        Assert.Equal("120", value.ToString());
        Assert.False(codec.TryDecode(Convert.FromHexString("2EE5"), out _, out var problem));
        Assert.Equal("implausible: 120.1 is above 120", problem);
        Assert.Equal((Quality.Bad, "implausible: -40.1 is below -40"), codec.Read(Convert.FromHexString("F05B"), default) is var r ? (r.Quality, r.Error) : default);
    }

    [Theory]
    [InlineData(ModbusType.Float32, "43676CCD", 1, "231.4")]
    [InlineData(ModbusType.Float64, "406CED916872B021", 2, "231.42")]
    [InlineData(ModbusType.Int16, "FFFB", 0, "-1")]
    public void TryDecode_Precision_RoundsAwayFromZero(ModbusType type, string wire, int precision, string expected) =>
        Assert.Equal(expected, Decode(Point(type, type == ModbusType.Int16 ? 0.1m : 1) with { Precision = precision }, wire).ToString());

    [Theory]
    [InlineData(TextEncoding.Latin1, TextTrim.End, "20E9 2000 0000", " é")]
    [InlineData(TextEncoding.Latin1, TextTrim.Both, "20E9 2000 0000", "é")]
    [InlineData(TextEncoding.Utf8, TextTrim.None, "4120 0042 2000", "A \0B \0")]
    [InlineData(TextEncoding.Utf16, TextTrim.End, "0041 20AC 0000", "A€")]
    public void TryDecode_Text_IsDecodedAndTrimmed(TextEncoding encoding, TextTrim trim, string wire, string expected)
    {
        var address = new ModbusPoint(RegisterSpace.Holding, 0, ModbusType.String) { Number = 6, Encoding = encoding, Trim = trim };
        var codec = new PointCodec(address);
        Assert.True(codec.TryDecode(Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal)), out var value));
        Assert.Equal(expected, value.Text);
    }

    [Fact]
    public void Encode_Part_LeavesTheOtherBits()
    {
        var wire = Convert.FromHexString("A5A5");
        Assert.Null(new PointCodec(Point(ModbusType.Bit)).Encode(PointValue.Of(true), wire));
        Assert.Null(new PointCodec(Point(ModbusType.UInt8Hi)).Encode(PointValue.Of(1m), wire));
        Assert.Equal("01AD", Convert.ToHexString(wire));
        var hole = new PointCodec(new ModbusPoint(RegisterSpace.Holding, 0, ModbusType.UInt16) { Mask = 0x00F1 });
        Assert.Contains("outside of the mask", hole.Encode(PointValue.Of(2m), wire));
        Assert.True(hole.IsPart);
        Assert.Equal("01AD", Convert.ToHexString(wire));
    }

    [Theory]
    [InlineData(ModbusType.String, "123456789", "9 bytes where 8 have room")]
    [InlineData(ModbusType.Bytes, "00ff", "2 bytes where 8 belong")]
    [InlineData(ModbusType.Bytes, "xy", "hexadecimal")]
    [InlineData(ModbusType.Bcd16, "12", "not a number")]
    [InlineData(ModbusType.Bit, "on", "not true or false")]
    public void Encode_WhatDoesNotFit_SaysWhy(ModbusType type, string text, string expected) =>
        Assert.Contains(expected, new PointCodec(Point(type)).Encode(PointValue.Of(text), new byte[8].AsSpan(0, ((ModbusPoint)Point(type).Address).Width * 2)));

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
}
