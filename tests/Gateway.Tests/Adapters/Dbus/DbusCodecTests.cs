using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

public class DbusCodecTests(ITestOutputHelper output)
{
    private static readonly int s_rounds = ProofSetting.Of("EDGE_GATEWAY_TEST_DBUS_VALUES", 2000);
    private static readonly int s_mutations = ProofSetting.Of("EDGE_GATEWAY_TEST_DBUS_MUTATIONS", 20_000);

    [Fact]
    public void Write_AnyValue_IsAsTheSpecificationSays()
    {
        var random = new RandomDbus(new Random(ProofSetting.Seed(output)));
        for (var i = 0; i < s_rounds; i++)
        {
            var value = random.Value(random.Type(5));
            var (writer, reference) = (new DbusWriter(), new ReferenceMarshaller(big: false));
            writer.Write(value);
            reference.Write(value);
            Assert.Equal(Convert.ToHexString(reference.Bytes), Convert.ToHexString(writer.Written));
        }
    }

    [Fact]
    public void Read_AnyValueInEitherOrder_IsWhatWasWritten()
    {
        var random = new RandomDbus(new Random(ProofSetting.Seed(output)));
        for (var i = 0; i < s_rounds; i++)
        {
            var big = i % 2 == 1;
            var type = random.Type(5);
            var value = random.Value(type);
            var written = new ReferenceMarshaller(big);
            written.Write(value);
            var reader = new DbusReader(written.Bytes, big);
            Assert.True(reader.TryRead(type, out var values), reader.Problem);
            Assert.Equal(written.Bytes.Length, reader.Position);
            Assert.Equal($"{type} {value}", $"{values.Single().FullType} {values.Single()}");
        }
    }

    [Fact]
    public void Read_AnyValueCutAnywhere_EndsWithAProblem()
    {
        var random = new RandomDbus(new Random(ProofSetting.Seed(output)));
        for (var i = 0; i < s_rounds / 10; i++)
        {
            var type = random.Type(4);
            var writer = new DbusWriter();
            writer.Write(random.Value(type));
            for (var length = 0; length < writer.Length; length++)
            {
                var reader = new DbusReader(writer.Written[..length], isBigEndian: false);
                Assert.False(reader.TryRead(type, out _));
                Assert.NotNull(reader.Problem);
            }
        }
    }

    [Fact]
    public void Read_AnyMessage_IsWhatWasWritten()
    {
        var random = new RandomDbus(new Random(ProofSetting.Seed(output)));
        for (var i = 0; i < s_rounds; i++)
        {
            var message = random.Message();
            var bytes = DbusMessageCodec.Write(message, (uint)i + 1);
            Assert.Null(DbusMessageCodec.Read(bytes, 17, out var read));
            Assert.Equal(RandomDbus.Text(message.Body), RandomDbus.Text(read!.Body));
            Assert.Equal(message with { Body = [], Serial = (uint)i + 1, ReceivedAt = 17, Size = bytes.Length }, read with { Body = message.Body.Count == 0 ? read.Body : [] } with { Body = [] });
        }
    }

    /// <summary>No exception, no read beyond the bytes, and what is understood is understood the same again.</summary>
    [Fact]
    public void Read_MutatedMessages_AreUnderstoodOrRefused()
    {
        var chance = new Random(ProofSetting.Seed(output));
        var random = new RandomDbus(chance);
        var (understood, bytes) = (0, Array.Empty<byte>());
        for (var i = 0; i < s_mutations; i++)
        {
            if (i % 50 == 0)
            {
                bytes = DbusMessageCodec.Write(random.Message(), 1);
            }

            var mutated = random.Mutate(bytes);
            if (DbusMessageCodec.Read(mutated, 0, out var message) is null)
            {
                understood++;
                var again = DbusMessageCodec.Write(message!, message!.Serial);
                Assert.Null(DbusMessageCodec.Read(again, 0, out var same));
                Assert.Equal(RandomDbus.Text(message.Body), RandomDbus.Text(same!.Body));
            }
        }

        output.WriteLine($"{understood} of {s_mutations} mutated messages were still messages");
        Assert.InRange(understood, 1, s_mutations - 1);
    }

    [Theory]
    [InlineData("s", "00000001 41 00 00", "cut short")] // little-endian: a length of 16 MiB
    [InlineData("b", "02000000", "a boolean that is neither 0 nor 1")]
    [InlineData("s", "01000000 41 01", "text that is not UTF-8 up to one NUL")]
    [InlineData("s", "01000000 FF 00", "text that is not UTF-8 up to one NUL")]
    [InlineData("s", "02000000 4100 00", "text that is not UTF-8 up to one NUL")]
    [InlineData("o", "01000000 41 00", "an object path that is none")]
    [InlineData("g", "01 7B 00", "a signature that is none")]
    [InlineData("v", "02 7979 00", "a variant that is not of one type")]
    [InlineData("yu", "01 000001 01000000", "padding that is not zero")]
    [InlineData("au", "05000000 01000000 02", "cut short")]
    [InlineData("au", "03000000 0100 0000", "an array whose last element is longer than it")]
    [InlineData("ay", "09000000 01", "an array that is longer than its message")]
    [InlineData("s", "FFFFFFFF 41 00", "a length beyond its message")]
    public void Read_WhatIsNotAllowed_IsNamed(string signature, string hex, string problem)
    {
        var reader = new DbusReader(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), isBigEndian: false);
        Assert.False(reader.TryRead(signature, out _));
        Assert.Equal(problem, reader.Problem);
    }

    [Fact]
    public void Read_VariantsInVariants_EndAtTheDepthThatIsAllowed()
    {
        static (bool Ok, string? Problem) Read(int depth)
        {
            var value = DbusValue.Byte(7);
            for (var i = 0; i < depth; i++)
            {
                value = DbusValue.Variant(value);
            }

            var writer = new DbusWriter();
            writer.Write(value);
            var reader = new DbusReader(writer.Written, isBigEndian: false);
            return (reader.TryRead("v", out _), reader.Problem);
        }

        Assert.Equal((true, null), Read(DbusLimits.Depth));
        Assert.Equal((false, "nested too deeply"), Read(DbusLimits.Depth + 1));
    }

    [Fact]
    public void Read_ManySmallValues_EndAtTheirLimit()
    {
        var writer = new DbusWriter();
        writer.Write(DbusValue.Array("q", [.. Enumerable.Repeat(DbusValue.UInt16(1), DbusLimits.Values)]));
        var reader = new DbusReader(writer.Written, isBigEndian: false);
        Assert.False(reader.TryRead("aq", out _));
        Assert.Equal("too many values", reader.Problem);
    }

    [Fact]
    public void Values_ThatCannotBeOnTheWire_AreRefusedWhenMade()
    {
        Assert.Throws<ArgumentException>(() => DbusValue.String("a\0b"));
        Assert.Throws<ArgumentException>(() => DbusValue.ObjectPath("/a/"));
        Assert.Throws<ArgumentException>(() => DbusValue.Signature("a"));
    }

    [Fact]
    public void Index_Dictionary_FindsWhatItsVariantsHold()
    {
        var properties = DbusValue.Properties(("RSSI", DbusValue.Int16(-61)), ("Name", DbusValue.String("tag")));
        Assert.Equal(-61, properties["RSSI"].AsInt64());
        Assert.Equal("tag", properties["Name"].AsString());
        Assert.Null(properties["RSSI"].AsString());
        Assert.Equal('\0', properties["Alias"].Type);
    }
}
