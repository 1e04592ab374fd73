using System.Buffers;
using Gateway.Mqtt;

namespace Gateway.Tests.Mqtt.Packets;

public sealed class PacketFramerTests
{
    // MQTT 5.0 §1.5.5, Table 1-1.
    [Theory]
    [InlineData(0, new byte[] { 0x00 })]
    [InlineData(127, new byte[] { 0x7F })]
    [InlineData(128, new byte[] { 0x80, 0x01 })]
    [InlineData(16_383, new byte[] { 0xFF, 0x7F })]
    [InlineData(16_384, new byte[] { 0x80, 0x80, 0x01 })]
    [InlineData(2_097_151, new byte[] { 0xFF, 0xFF, 0x7F })]
    [InlineData(2_097_152, new byte[] { 0x80, 0x80, 0x80, 0x01 })]
    [InlineData(268_435_455, new byte[] { 0xFF, 0xFF, 0xFF, 0x7F })]
    public void WriteLength_TableOfTheSpecification_Matches(int value, byte[] expected)
    {
        var target = new byte[4];
        Assert.Equal(expected.Length, PacketFramer.WriteLength(target, value));
        Assert.Equal(expected, target[..expected.Length]);
        Assert.Equal(expected.Length, PacketFramer.LengthSize(value));
    }

    [Theory]
    [InlineData(new byte[] { 0xC0 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0xC0, 0x00 }, FrameStatus.Complete)]
    [InlineData(new byte[] { 0x30, 0x80 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0x30, 0x80, 0x00 }, FrameStatus.Malformed)]
    [InlineData(new byte[] { 0x30, 0x80, 0x80, 0x80, 0x80 }, FrameStatus.Malformed)]
    [InlineData(new byte[] { 0x30, 0x02, 0x00 }, FrameStatus.Incomplete)]
    [InlineData(new byte[] { 0x30, 0xC8, 0x01 }, FrameStatus.TooLarge)]
    public void TryRead_Start_IsJudged(byte[] bytes, FrameStatus expected)
    {
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(expected, PacketFramer.TryRead(ref buffer, 100, out _, out _));
    }
}
