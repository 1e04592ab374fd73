using System.Text;
using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

public class AsciiFrameTests
{
    private readonly byte[] _pdu = new byte[ModbusLimits.Pdu];

    private static ReadOnlySpan<byte> Request => [3, 0, 0x6B, 0, 3];

    /// <summary>Frames as published in manuals.</summary>
    [Theory]
    [InlineData(":1103006B00037E\r\n")]
    [InlineData(":010300000001FB\r\n")]
    [InlineData(":11050 0ACFF003F\r\n")]
    public void Write_PublishedFrames_AreTheirs(string text)
    {
        var frame = Encoding.ASCII.GetBytes(text.Replace(" ", "", StringComparison.Ordinal));
        var content = Convert.FromHexString(Encoding.ASCII.GetString(frame)[1..^4]);
        var written = new byte[frame.Length];
        Assert.Equal(frame.Length, AsciiFrame.Write(written, content[0], content.AsSpan(1)));
        Assert.Equal(frame, written);
    }

    [Fact]
    public void Write_LongestPdu_Is513Characters()
    {
        Assert.Equal(513, AsciiFrame.Write(new byte[AsciiFrame.Largest], 1, _pdu));
        Assert.Equal(AsciiFrame.Largest, 513);
    }

    [Fact]
    public void TryFind_AnySplitAndAnyNoiseBefore_FindsTheResponseOnceItIsWhole()
    {
        var frame = Frame(17, [3, 6, 1, 2, 3, 4, 5, 6]);
        foreach (var noise in new[] { "", ":", ":1103", "\r\n", "noise:11", ":110302ABCD00\r\n", Encoding.ASCII.GetString(Frame(18, [3, 6, 1, 2, 3, 4, 5, 6])) })
        {
            byte[] bytes = [.. Encoding.ASCII.GetBytes(noise), .. frame];
            for (var count = 0; count < bytes.Length; count++)
            {
                Assert.False(AsciiFrame.TryFind(bytes.AsSpan(0, count), 17, Request, _pdu, out _));
            }

            Assert.True(AsciiFrame.TryFind(bytes, 17, Request, _pdu, out var length));
            Assert.Equal([3, 6, 1, 2, 3, 4, 5, 6], _pdu[..length]);
        }
    }

    [Fact]
    public void TryFind_Exception_IsFound()
    {
        Assert.True(AsciiFrame.TryFind(Frame(17, [0x83, 2]), 17, Request, _pdu, out var length));
        Assert.Equal([0x83, 2], _pdu[..length]);
    }

    [Theory]
    [InlineData(new byte[] { 3, 4, 1, 2, 3, 4 })]
    [InlineData(new byte[] { 4, 6, 1, 2, 3, 4, 5, 6 })]
    [InlineData(new byte[] { 0x83, 2, 0 })]
    public void TryFind_AnotherFunctionOrLength_FindsNothing(byte[] pdu) => Assert.False(AsciiFrame.TryFind(Frame(17, pdu), 17, Request, _pdu, out _));

    [Fact]
    public void TryFind_AnyDigitChanged_FindsNothing()
    {
        var frame = Frame(17, [3, 6, 1, 2, 3, 4, 5, 6]);
        for (var i = 1; i < frame.Length; i++)
        {
            foreach (var other in "0123456789ABCDEFG:\r\n "u8.ToArray().Where(c => c != frame[i]))
            {
                var damaged = frame.ToArray();
                damaged[i] = other;
                Assert.False(AsciiFrame.TryFind(damaged, 17, Request, _pdu, out _));
            }
        }
    }

    [Theory]
    [InlineData(":", true)]
    [InlineData(":11", true)]
    [InlineData(":1103", true)]
    [InlineData(":1183", true)]
    [InlineData("x:1103", true)]
    [InlineData(":12", false)]
    [InlineData(":1104", false)]
    [InlineData("1103", false)]
    [InlineData(":1103000000\r\n", false)]
    public void MayBegin_OnlyAnUnfinishedFrameOfTheUnit_MayBeItsResponse(string text, bool may) => Assert.Equal(may, AsciiFrame.MayBegin(Encoding.ASCII.GetBytes(text), 17, 3));

    private static byte[] Frame(byte unit, byte[] pdu)
    {
        var frame = new byte[AsciiFrame.Overhead + (2 * pdu.Length)];
        AsciiFrame.Write(frame, unit, pdu);
        return frame;
    }
}
