using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Tests.Adapters.Payloads;

/// <summary>Layouts as one writes them, and what they make of bytes.</summary>
public class LayoutTests
{
    private static (Layout Layout, string Problems) Read(string yaml)
    {
        var problems = new ProblemList();
        LayoutTable.Kind.TryRead(ConfigurationFiles.Parse(yaml + "\n", "gateway.yaml", problems)!, problems, out var layout);
        return (layout, string.Join('\n', problems.All));
    }

    private static LayoutDecoder Decoder(string yaml)
    {
        var (layout, problems) = Read(yaml);
        Assert.Equal("", problems);
        return new(layout);
    }

    private static LayoutDecoder Fields(params string[] fields) => Decoder("fields:\n" + string.Concat(fields.Select(f => $"  - {{ {f} }}\n")));

    [Theory]
    [InlineData("id: v, type: uint8", "FE", "v=254")]
    [InlineData("id: v, type: int8", "FE", "v=-2")]
    [InlineData("id: v, type: uint16", "0102", "v=258")]
    [InlineData("id: v, type: int16, byte-order: little", "FEFF", "v=-2")]
    [InlineData("id: v, type: uint24", "010203", "v=66051")]
    [InlineData("id: v, type: int24", "FFFFFE", "v=-2")]
    [InlineData("id: v, type: int24, byte-order: little", "FEFFFF", "v=-2")]
    [InlineData("id: v, type: uint32", "FFFFFFFF", "v=4294967295")]
    [InlineData("id: v, type: int48", "FFFFFFFFFFFE", "v=-2")]
    [InlineData("id: v, type: uint64", "FFFFFFFFFFFFFFFF", "v=18446744073709551615")]
    [InlineData("id: v, type: int64, scale: 0.001", "8000000000000000", "v=-9223372036854775.808")]
    [InlineData("id: v, type: float16", "2E66", "v=0.1")]
    [InlineData("id: v, type: float32, byte-order: little", "CDCC8C3F", "v=1.1")]
    [InlineData("id: v, type: float64", "3FF199999999999A", "v=1.1")]
    [InlineData("id: v, type: float32", "7FC00000", "v!not a number")]
    [InlineData("id: v, type: float32, not-a-number: 0x7F7FFFFF", "7F7FFFFF", "v!not a number")]
    [InlineData("id: v, type: float32, not-a-number: -9999", "C61C3C00", "v!not a number")]
    [InlineData("id: v, type: bool", "02", "v=true")]
    [InlineData("id: v, type: bool, bits: 3", "F7", "v=false")]
    [InlineData("id: v, type: int16, scale: 0.1, offset: -40, unit: °C", "00FF", "v=-14.5 °C")]
    [InlineData("id: v, type: uint16, bits: 4-11", "0FF0", "v=255")]
    [InlineData("id: v, type: int16, bits: 4-11", "0FF0", "v=-1")]
    [InlineData("id: v, type: int16, not-a-number: -32768", "8000", "v!not a number")]
    [InlineData("id: v, type: int16, not-a-number: by-type", "8000", "v!not a number")]
    [InlineData("id: v, type: uint8, bits: 0-3, not-a-number: by-type", "FF", "v!not a number")]
    [InlineData("id: v, type: uint8, enum: { 0: off, 1: on }", "01", "v='on'")]
    [InlineData("id: v, type: uint8, enum: { 0: off, 1: on }", "07", "v!7 has no label")]
    [InlineData("id: v, type: bool, enum: { false: shut, true: open }", "02", "v='open'")]
    [InlineData("id: v, type: string 4", "61622000", "v='ab'")]
    [InlineData("id: v, type: string uint8", "02616200", "v='ab'")]
    [InlineData("id: v, type: bytes uint16, byte-order: little", "0200ABCD", "v='abcd'")]
    [InlineData("id: v, type: bytes rest", "ABCD", "v='abcd'")]
    [InlineData("id: v, type: bytes rest, at: 1", "AB", "v=''")]
    [InlineData("id: v, type: string 2", "FF41", "v!not UTF-8 text")]
    [InlineData("id: v, type: uint16, at: -2", "000000FE", "v=254")]
    [InlineData("id: v, type: uint8, skip: 2", "000007", "v=7")]
    public void Field_EveryKind_IsItsValue(string field, string hex, string expected) => Assert.Equal(expected, PayloadText.Of(Fields(field), hex));

    [Fact]
    public void Fields_InSequence_FollowOneAnother() =>
        Assert.Equal("a=1, b=2, c=7, d=3", PayloadText.Of(Fields("id: a, type: uint8", "id: b, type: uint16", "id: c, type: uint8, at: 5", "id: d, type: uint8, at: 3"), "010002030007"));

    [Fact]
    public void Bits_OfNeighbours_ShareTheirBytesUntilOneIsTaken() =>
        Assert.Equal(
            "a=3, b=true, c=12, d=5, e=9",
            PayloadText.Of(Fields("id: a, type: uint8, bits: 0-1", "id: b, type: bool, bits: 7", "id: c, type: uint8, bits: 0-3", "id: d, type: uint8, bits: 4-7", "id: e, type: uint8"), "03805C09"));

    [Fact]
    public void Payload_CutAtEveryByte_KeepsWhatWasComplete()
    {
        var decoder = Fields("id: a, type: uint8", "id: b, type: uint16", "id: c, type: string uint8", "id: d, type: uint8, at: -1");
        Assert.Equal("a=1, b=2, c='xy', d=9", PayloadText.Of(decoder, "01000202787909"));
        Assert.Equal("a=1, b=2 [Partly: cut off: c takes 2 bytes from byte 4 on, and there are 5]", PayloadText.Of(decoder, "0100020278"));
        Assert.Equal("a=1, b=2 [Partly: cut off: c takes 1 byte from byte 3 on, and there are 3]", PayloadText.Of(decoder, "010002"));
        Assert.Equal("a=1 [Partly: cut off: b takes 2 bytes from byte 1 on, and there are 2]", PayloadText.Of(decoder, "0100"));
        Assert.Equal("[Refused: cut off: a takes 1 byte from byte 0 on, and there are 0]", PayloadText.Of(decoder, ""));
        Assert.Equal("[Refused: cut off: v begins 2 bytes before the end, and there are 1]", PayloadText.Of(Fields("id: v, type: uint16, at: -2"), "01"));
    }

    [Fact]
    public void Choose_ByAField_TakesItsCase()
    {
        var decoder = Decoder("""
            fields: [{ id: kind, type: uint8, hidden: true }, { id: battery, type: uint8, scale: 0.1, unit: V }]
            choose: kind
            cases:
              - { when: 1, fields: [{ id: temperature, type: int16, scale: 0.01 }] }
              - { when: [0x02, 3], fields: [{ id: level, type: uint24 }] }
            """);
        Assert.Equal("battery=3.3 V, temperature=21.5", PayloadText.Of(decoder, "01210866"));
        Assert.Equal("battery=3.3 V, level=70000", PayloadText.Of(decoder, "0321011170"));
        Assert.Equal("battery=3.3 V [Partly: kind is 9, and no case is for it]", PayloadText.Of(decoder, "0921011170"));
    }

    [Fact]
    public void Choose_ByThePort_OrOtherwise()
    {
        var decoder = Decoder("{ choose: port, cases: [{ when: 5, fields: [{ id: t, type: int8 }] }, { fields: [{ id: raw, type: bytes rest }] }] }");
        Assert.Equal("t=-1", PayloadText.Of(decoder, "FF", 5));
        Assert.Equal("raw='ff'", PayloadText.Of(decoder, "FF", 6));
        Assert.Equal("[Refused: there is no port to choose by]", PayloadText.Of(decoder, "FF"));
    }

    [Fact]
    public void Repeat_UntilTheEnd_NumbersWhatComesAgain()
    {
        var decoder = Decoder("""
            fields: [{ id: kind, type: uint8, hidden: true }]
            choose: kind
            cases: [{ when: 1, fields: [{ id: t, type: int16, scale: 0.1 }] }, { when: 2, fields: [{ id: h, type: uint8 }] }]
            repeat: true
            """);
        Assert.Equal("t=25.5, h=40, t-2=25.6", PayloadText.Of(decoder, "0100FF0228010100"));
        Assert.Equal("t=25.5 [Partly: kind is 7, and no case is for it]", PayloadText.Of(decoder, "0100FF07"));
        var endless = Decoder("{ fields: [{ id: b, type: uint8 }], repeat: true }");
        Assert.EndsWith("[Partly: more than 64 values]", PayloadText.Of(endless, new byte[100]));
    }

    [Fact]
    public void Length_Other_IsRefused() =>
        Assert.Equal("[Refused: 2 bytes, and the layout is for 3]", PayloadText.Of(Decoder("{ length: 3, fields: [{ id: a, type: uint8 }] }"), "0102"));

    [Theory]
    [InlineData("fields: []", "an empty list")]
    [InlineData("repeat: true", "a layout without fields")]
    [InlineData("fields: [{ id: a }]", "\"type\" is missing")]
    [InlineData("fields: [{ id: a, type: float }]", "write float32 (4 bytes)")]
    [InlineData("fields: [{ id: a, type: string }]", "write string and its bytes (string 8)")]
    [InlineData("fields: [{ id: a, type: string 0 }]", "write string and 1 to 255, uint8, uint16 or rest")]
    [InlineData("fields: [{ id: a, type: uint17 }]", "write uint1")]
    [InlineData("fields: [{ id: a, type: uint8, bits: 8 }]", "uint8 has no bit 8; write bits from 0 to 7")]
    [InlineData("fields: [{ id: a, type: float32, bits: 0-3 }]", "bits are for integers and bool, not for float32; remove bits")]
    [InlineData("fields: [{ id: a, type: uint8, bits: 64 }]", "there is no bit 64")]
    [InlineData("fields: [{ id: a, type: uint8, bits: low }]", "is not bits")]
    [InlineData("fields: [{ id: a, type: uint8, scale: 0 }]", "makes every value 0")]
    [InlineData("fields: [{ id: a, type: bool, scale: 2 }]", "a bool has no scale and no offset")]
    [InlineData("fields: [{ id: a, type: uint8, scale: 2, enum: { 1: on } }]", "a field with enum has no scale")]
    [InlineData("fields: [{ id: a, type: uint8, enum: { 256: on } }]", "enum names a value that 8 bits of uint8 cannot have")]
    [InlineData("fields: [{ id: a, type: float32, enum: { 1: on } }]", "enum names whole numbers")]
    [InlineData("fields: [{ id: a, type: uint8, at: 1, skip: 1 }]", "at and skip both say where it begins")]
    [InlineData("fields: [{ id: a, type: uint8, not-a-number: 256 }]", "256 is no raw value of 8 bits of uint8")]
    [InlineData("fields: [{ id: a, type: bool, not-a-number: 1 }]", "bool has no raw value for \"no value\"")]
    [InlineData("fields: [{ id: a, type: uint8 }, { id: a, type: uint8 }]", "field \"a\" is there twice")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], choose: b, cases: [{ fields: [{ id: c, type: uint8 }] }] }", "write one of a, port")]
    [InlineData("{ fields: [{ id: a, type: float32 }], choose: a, cases: [{ fields: [{ id: c, type: uint8 }] }] }", "only integers choose")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], choose: a }", "choose without cases")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], cases: [{ fields: [{ id: c, type: uint8 }] }] }", "nothing chooses among them")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], choose: a, cases: [{ when: 1, fields: [{ id: c, type: uint8 }] }, { when: [0x1], fields: [{ id: c, type: uint8 }] }] }", "two cases are for 1")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], choose: a, cases: [{ fields: [{ id: c, type: uint8 }] }, { fields: [{ id: c, type: uint8 }] }] }", "two cases without when")]
    [InlineData("{ fields: [{ id: a, type: uint8 }], choose: a, cases: [{ fields: [{ id: a, type: uint8 }] }] }", "field \"a\" is in front of the cases too")]
    [InlineData("{ fields: [{ id: a, type: uint32 }], length: 3 }", "the fields take 4 bytes, and length is 3")]
    [InlineData("{ fields: [{ id: a, type: uint8, unti: V }] }", "write \"unit\"")]
    public void Layout_WrittenWrong_SaysWhatToWrite(string yaml, string expected)
    {
        var problems = Read(yaml).Problems;
        Assert.Contains(expected, problems);
        Assert.StartsWith("gateway.yaml:1:", problems);
        Assert.DoesNotContain('\n', problems);
    }

    [Theory]
    [InlineData("cayenne-lpp", "cayenne-lpp", "")]
    [InlineData("json", "json", "")]
    [InlineData("hex", "hex", "")]
    [InlineData("text", "text", "")]
    [InlineData("{ fields: [{ id: a, type: uint8 }] }", "layout", "")]
    [InlineData("cayenne", "", "write cayenne-lpp")]
    [InlineData("layout", "", "write { fields:")]
    [InlineData("jsno", "", "write json")]
    public void Format_AWordOrALayout_IsRead(string yaml, string name, string expected)
    {
        var problems = new ProblemList();
        var node = ((MapNode)ConfigurationFiles.Parse($"decoder: {yaml}\n", "gateway.yaml", problems)!).Entries[0].Value;
        var isRead = PayloadFormat.Kind.TryRead(node, problems, out var format);
        Assert.Equal(expected.Length == 0, isRead);
        Assert.Contains(expected, string.Join('\n', problems.All));
        if (isRead)
        {
            Assert.Equal(name, format.Name);
            Assert.NotNull(format.Create());
        }
    }

    [Theory]
    [InlineData("id: v, type: uint8, scale: 0.1", "25.6", "v: a raw value of 256 does not fit into 8 bits (0 to 255)")]
    [InlineData("id: v, type: int16, not-a-number: by-type", "-32768", "v: -32768 is what the device says when it has no value")]
    [InlineData("id: v, type: uint8, enum: { 1: on }", "off", "v: \"off\" is none of its labels: 1 on")]
    [InlineData("id: v, type: string 2", "abc", "v: 3 bytes where 2 have room")]
    [InlineData("id: v, type: bytes 2", "abc", "v: abc is not a text of hexadecimal digits")]
    [InlineData("id: v, type: float16", "1e9", "v: 1000000000 is out of the range of float16")]
    [InlineData("id: v, type: bool", "2", "v: 2 is not true or false")]
    [InlineData("id: v, type: uint8", null, "v: no value")]
    [InlineData("id: v, type: uint8, at: -1", "1", "v: its place counts from the end, and the end is not known while encoding")]
    public void Encode_WhatDoesNotFit_SaysWhy(string field, string? value, string expected)
    {
        var (layout, _) = Read($"fields: [{{ {field} }}]");
        var given = value is null ? (PointValue?)null : NumberText.Value(value);
        Assert.Equal(expected, new LayoutEncoder(layout).Encode(_ => given, null, new byte[16], out _));
    }
}
