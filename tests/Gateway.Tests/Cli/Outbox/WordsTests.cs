using System.Text;
using Gateway.Cli;

namespace Gateway.Tests.Cli;

public class WordsTests
{
    [Theory]
    [InlineData("{\"v\":21.7,\"unit\":\"°C\"}", "{\"v\":21.7,\"unit\":\"°C\"}")]
    [InlineData("a\u001b[2Jb", "a\\u{1b}[2Jb")]
    [InlineData("a\tb\r\n", "a\\tb\\r\\n")]
    [InlineData("a\u202eb\u200b", "a\\u{202e}b\\u{200b}")]
    [InlineData("\u009b31m", "\\u{9b}31m")]
    [InlineData("\u007f", "\\u{7f}")]
    [InlineData("", "(empty)")]
    [InlineData("a\0b", "0x610062")]
    public void Preview_Text_NeverHasWhatSteersATerminal(string payload, string shown) => Assert.Equal(shown, Words.Preview(Encoding.UTF8.GetBytes(payload), 100));

    [Fact]
    public void Preview_Bytes_AreHexadecimal() => Assert.Equal("0x0001fffe", Words.Preview([0, 1, 255, 254], 100));

    [Theory]
    [InlineData(8, "abcdefgh …")]
    [InlineData(20, "abcdefghij")]
    public void Preview_Long_IsCut(int most, string shown) => Assert.Equal(shown, Words.Preview("abcdefghij"u8, most));

    [Fact]
    public void Preview_CutInAPair_StaysText() => Assert.Equal("abc …", Words.Preview("abc😀def"u8, 4));

    [Fact]
    public void Preview_LongBytes_AreCut() => Assert.Equal("0xffffffff …", Words.Preview(Enumerable.Repeat((byte)255, 100).ToArray(), 8));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(317_440, "310 KiB")]
    [InlineData(3L << 29, "1.5 GiB")]
    public void Bytes_AreInTheUnitThatFits(long bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));

    [Theory]
    [InlineData(5_900, "5s")]
    [InlineData(125_000, "2m 5s")]
    [InlineData(7_500_000, "2h 5m")]
    [InlineData(183_600_000, "2d 3h")]
    public void Age_HasItsTwoLargestUnits(long milliseconds, string text) => Assert.Equal(text, Words.Age(milliseconds));
}
