using System.Text;
using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>The own frame, as <c>docs/lora-frame.md</c> describes it.</summary>
public class NodeFrameTests
{
    [Fact]
    public void Crc_OfTheCheckText_IsThatOfTheCatalog() => Assert.Equal(0x29B1, Crc16.Of("123456789"u8));

    [Fact]
    public void Frame_OfTheDocumentation_IsItsBytes()
    {
        var frame = new NodeFrame(FrameKind.Data, 12, 1, 0, Convert.FromHexString("036700D7"));
        Assert.Equal("E79D0C00000C0000000100036700D7", Convert.ToHexString(frame.ToBytes())[..30]);
        Assert.Equal(frame.ToBytes().Length, NodeFrame.Measure(frame.ToBytes()));
    }

    [Fact]
    public void Parse_OfWhatWasWritten_IsTheSame()
    {
        var random = new Random(2);
        for (var i = 0; i < 2000; i++)
        {
            var payload = new byte[random.Next(0, NodeFrame.LongestPayload + 1)];
            random.NextBytes(payload);
            var frame = new NodeFrame((FrameKind)random.Next(3), (ushort)random.Next(1, 65535), (uint)random.NextInt64(0, 1L << 32), (byte)random.Next(256), payload)
            {
                IsFromGateway = random.Next(2) == 0,
                WantsAcknowledgement = random.Next(2) == 0,
                IsEncrypted = random.Next(2) == 0,
            };
            Assert.Null(NodeFrame.Parse(frame.ToBytes(), out var back));
            Assert.True(back.Payload.Span.SequenceEqual(payload));
            Assert.Equal(frame, back with { Payload = frame.Payload });
        }
    }

    [Fact]
    public void Parse_EveryBitFlipped_IsRefused()
    {
        var bytes = new NodeFrame(FrameKind.Data, 12, 77, 3, Encoding.ASCII.GetBytes("t=21.5")).ToBytes();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotNull(NodeFrame.Parse(flipped, out _));
        }
    }

    [Theory]
    [InlineData("41", "not a frame of this gateway")]
    [InlineData("E79D0800000C00000001000000", "wrong checksum")]
    [InlineData("E79D0900000C00000001000000", "a frame of 14 bytes in 13")]
    public void Parse_OfOtherBytes_SaysWhy(string hex, string expected) => Assert.Equal(expected, NodeFrame.Parse(Convert.FromHexString(hex), out _));

    [Fact]
    public void Frame_WithMoreThanFits_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new NodeFrame(FrameKind.Data, 1, 1, 0, new byte[NodeFrame.LongestPayload + 1]).ToBytes());
}
