namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>A press is one press, however often it is sent.</summary>
public sealed class BtHomeEventTests
{
    [Fact]
    public void PacketIds_AreDeduplicatedAsPublished()
    {
        var box = new DecoderHarness("bthome");
        Assert.Equal("battery=1", box.Hear(0xFCD2, "4000090101"));
        Assert.Equal("repeated", box.Hear(0xFCD2, "4000090101"));
        Assert.Equal("repeated", box.Hear(0xFCD2, "4000080101"));
        box.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("battery=1", box.Hear(0xFCD2, "4000090101"));
    }

    [Theory]
    [InlineData(189, 190, true)]
    [InlineData(190, 253, true)]
    [InlineData(253, 47, true)]
    [InlineData(47, 111, false)]
    [InlineData(0, 255, false)]
    public void PacketIds_TheNext63AreNew_AlsoBehind255(int last, int next, bool isNew)
    {
        var box = new DecoderHarness("bthome");
        box.Hear(0xFCD2, $"4000{last:x2}0101");
        Assert.Equal(isNew ? "battery=1" : "repeated", box.Hear(0xFCD2, $"4000{next:x2}0101"));
    }

    [Fact]
    public void AButtonThatSendsFor20Seconds_IsPressedOnce()
    {
        var box = new DecoderHarness("bthome");
        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, "4400213a01"));
        for (var i = 0; i < 200; i++)
        {
            box.Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.Equal("repeated", box.Hear(0xFCD2, "4400213a01"));
        }

        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, "4400223a01"));
    }

    [Fact]
    public void APressWithoutPacketId_IsOneAsLongAsTheSameBytesCome()
    {
        var box = new DecoderHarness("bthome");
        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, "443a01"));
        box.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("repeated", box.Hear(0xFCD2, "443a01"));
        box.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("button=\"double-press\"", box.Hear(0xFCD2, "443a02"));
        box.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("button=\"double-press\"", box.Hear(0xFCD2, "443a02"));
    }

    [Fact]
    public void StatesWithoutPacketId_AreNotHeldBack()
    {
        var box = new DecoderHarness("bthome");
        Assert.Equal("temperature=25.06", box.Hear(0xFCD2, "4002ca09"));
        Assert.Equal("temperature=25.06", box.Hear(0xFCD2, "4002ca09"));
    }

    [Theory]
    [InlineData("4001ff", "battery=!", "out of range: 255")]
    [InlineData("40031e28", "humidity=!", "out of range: 102.7")]
    [InlineData("40020080", "temperature=!", "out of range: -327.68")]
    [InlineData("401a05", "door-open=!", "neither 0 nor 1: 5")]
    [InlineData("40f00100f104030201f2030201", "device-type=1, firmware-revision=\"1.2.3.4\", firmware-revision-2=\"1.2.3\"", null)]
    [InlineData("403c0205", "dimmer=5", null)]
    [InlineData("403c0905", "dimmer=!", "unknown event: 9")]
    public void Values_ThatCannotBeTrue_AreBadWithTheReason(string hex, string expected, string? reason)
    {
        var box = new DecoderHarness("bthome");
        Assert.Equal(expected, box.Hear(0xFCD2, hex));
        Assert.Equal(reason, box.Values[0].Error);
    }
}
