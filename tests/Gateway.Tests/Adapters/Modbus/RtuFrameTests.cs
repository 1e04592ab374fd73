using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

public class RtuFrameTests
{
    private static ReadOnlySpan<byte> Request => [3, 0, 0, 0, 2];

    [Theory]
    [InlineData("01030000000AC5CD")]
    [InlineData("110100130025 0E84")]
    [InlineData("11050 0ACFF004E8B")]
    [InlineData("0207 4112")]
    public void Crc_PublishedFrames_IsTheirs(string hex)
    {
        var frame = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.True(RtuFrame.IsWhole(frame));
        var written = new byte[frame.Length];
        Assert.Equal(frame.Length, RtuFrame.Write(written, frame[0], frame.AsSpan()[1..^2]));
        Assert.Equal(frame, written);
    }

    [Fact]
    public void TryFind_AnySplitAndAnyNoiseBefore_FindsTheResponseOnceItIsWhole()
    {
        var frame = Frame(17, [3, 4, 17, 3, 0xAB, 0xCD]);
        foreach (var noise in new byte[][] { [], [0], [17], [17, 3], [17, 3, 4], [0xFF, 17, 0x83] })
        {
            byte[] bytes = [.. noise, .. frame];
            for (var count = 0; count < bytes.Length; count++)
            {
                Assert.False(RtuFrame.TryFind(bytes.AsSpan(0, count), 17, Request, out _));
            }

            Assert.True(RtuFrame.TryFind(bytes, 17, Request, out var pdu));
            Assert.Equal([3, 4, 17, 3, 0xAB, 0xCD], pdu.ToArray());
        }
    }

    [Fact]
    public void TryFind_Exception_IsFound()
    {
        Assert.True(RtuFrame.TryFind(Frame(17, [0x83, 2]), 17, Request, out var pdu));
        Assert.Equal([0x83, 2], pdu.ToArray());
    }

    [Fact]
    public void TryFind_AnyBitFlipped_FindsNothing()
    {
        var frame = Frame(17, [3, 4, 1, 2, 3, 4]);
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RtuFrame.TryFind(frame, 17, Request, out _));
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    private static byte[] Frame(byte unit, byte[] pdu)
    {
        var frame = new byte[pdu.Length + RtuFrame.Overhead];
        RtuFrame.Write(frame, unit, pdu);
        return frame;
    }
}
