using System.Text;
using Gateway.Adapters.Lora;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>What modems say, as their manuals print it.</summary>
public class FramerTests
{
    private static string Found(ModemFramer framer, string text) => FoundInBytes.In(framer, Encoding.Latin1.GetBytes(text)).Text;

    [Theory]
    [InlineData("+RCV=50,5,HELLO,-99,40\r\n", "48454c4c4f from 50 -99 dBm 40 dB")]
    [InlineData("+RCV=7,3,a,b,-50,4\r\n", "612c62 from 7 -50 dBm 4 dB")]
    [InlineData("+RCV=7,4,\r\n+O,-50,4\r\n", "0d0a2b4f from 7 -50 dBm 4 dB")]
    [InlineData("+RCV=7,0,,-50,4\r\n", " from 7 -50 dBm 4 dB")]
    [InlineData("+RCV=1,1,a,-50,4\r\n+RCV=2,1,b,-51,-5\r\n", "61 from 1 -50 dBm 4 dB | 62 from 2 -51 dBm -5 dB")]
    [InlineData("+OK\r\n+RCV=1,1,a,-50,4\r\n+READY\r\n+ERR=17\r\n", "'+OK' | 61 from 1 -50 dBm 4 dB | '+READY' | '+ERR=17'")]
    [InlineData("+RCV=7,20,+RCV=1,1,a,-50,4\r\n\r\n,-60,9\r\n", "2b5243563d312c312c612c2d35302c340d0a0d0a from 7 -60 dBm 9 dB")]
    [InlineData("\0\u00FF+READY\r\n", "'+READY'")]
    [InlineData("AT+O+RCV=1,1,a,-50,4\r\n", "61 from 1 -50 dBm 4 dB")]
    [InlineData("+RCV=1,9,a,-50,4\r\n+RCV=2,1,b,-51,5\r\n", "62 from 2 -51 dBm 5 dB")]
    [InlineData("+RCV=1,300,a,-50,4\r\n+RCV=2,1,b,-51,5\r\n", "62 from 2 -51 dBm 5 dB")]
    [InlineData("+RCV=x\r\n+OK\r\n", "'+OK'")]
    [InlineData("+RCV=1,3,ab,-50,4\r\n+OK\r\n", "'+OK'")]
    [InlineData("+RCV=1,9,abc+READY\r\n+OK\r\n", "'+READY' | '+OK'")]
    [InlineData("+RCV=1,2,ab,-5+READY\r\n", "'+READY'")]
    public void Reyax_TakesDataByItsLength(string text, string expected) => Assert.Equal(expected, Found(new ReyaxFramer(), text));

    [Fact]
    public void Reyax_ALengthThatNeverComes_IsGivenUpWhenNothingComesAnyMore()
    {
        var framer = new ReyaxFramer();
        var found = FoundInBytes.In(framer, "+RCV=1,90,a,-50,4\r\n+RCV=2,1,b,-51,5\r\n+OK\r\n"u8);
        Assert.Equal("", found.Text);
        framer.Idle(found);
        Assert.Equal("62 from 2 -51 dBm 5 dB | '+OK'", found.Text);
        Assert.Equal(0, framer.Pending);
    }

    [Fact]
    public void Reyax_ABannerWithinALengthThatNeverComes_IsFoundWhenNothingComesAnyMore()
    {
        var framer = new ReyaxFramer();
        var found = FoundInBytes.In(framer, "+RCV=1,90,abc+READY\r\n"u8);
        framer.Idle(found);
        Assert.Equal("'+READY'", found.Text);
    }

    [Theory]
    [InlineData("radio_rx  48656C6C6F\r\n", "48656c6c6f")]
    [InlineData("radio_rx 48656c6c6f\r\nradio_err\r\n", "48656c6c6f | 'radio_err'")]
    [InlineData("ok\r\nradio_rx  01\r\nok\r\n", "'ok' | 01 | 'ok'")]
    [InlineData("RN2483 1.0.5 Oct 31 2018 15:06:52\r\n", "'RN2483 1.0.5 Oct 31 2018 15:06:52'")]
    [InlineData("radio_rx  4865RN2483 1.0.5 Oct 31 2018\r\n", "'RN2483 1.0.5 Oct 31 2018'")]
    [InlineData("okRN2903 1.0.5\r\n", "'RN2903 1.0.5'")]
    [InlineData("radio_rx  48radio_rx  4849\r\n", "4849")]
    [InlineData("radio_rx  0\r\nradio_rx  0G\r\nradio_rx  \r\n", "'radio_rx'")]
    public void Microchip_HexInALine(string text, string expected) => Assert.Equal(expected, Found(new MicrochipFramer(), text));

    [Theory]
    [InlineData("+TEST: LEN:2, RSSI:-46, SNR:10\r\n+TEST: RX \"4142\"\r\n", "4142 -46 dBm 10 dB")]
    [InlineData("\r\n+TEST: LEN:1, RSSI:-106, SNR:-3.5\r\n\r\n+TEST: RX \"41\"\r\n", "41 -106 dBm -3.5 dB")]
    [InlineData("+TEST: LEN:3, RSSI:-46, SNR:10\r\n+TEST: RX \"4142\"\r\n", "")]
    [InlineData("+TEST: RX \"4142\"\r\n", "4142")]
    [InlineData("+TEST: LEN:9, RSSI:-1, SNR:1\r\n+TEST: LEN:1, RSSI:-46, SNR:10\r\n+TEST: TX DONE\r\n+TEST: RX \"41\"\r\n", "'+TEST: TX DONE' | 41 -46 dBm 10 dB")]
    [InlineData("+TEST: RX \"414\"\r\n+AT: OK\r\n", "'+AT: OK'")]
    [InlineData("+TEST: RX \"4142+RESET: OK\r\n", "'+RESET: OK'")]
    [InlineData("+TEST: LEN:1, RS+RESET: OK\r\n", "'+RESET: OK'")]
    [InlineData("+TEST: RX \"41+TEST: TX DONE\r\n", "'+TEST: TX DONE'")]
    public void Seeed_NumbersThenBytes(string text, string expected) => Assert.Equal(expected, Found(new SeeedFramer(), text));

    [Theory]
    [InlineData("+EVT:RXP2P:-112:1:1234\r\n", "1234 -112 dBm 1 dB")]
    [InlineData("+EVT:RXP2P, RSSI -28, SNR 5\r\n+EVT:1234\r\n", "1234 -28 dBm 5 dB")]
    [InlineData("+EVT:RXP2P RECEIVE TIMEOUT\r\n+EVT:TXP2P DONE\r\n", "'+EVT:RXP2P RECEIVE TIMEOUT' | '+EVT:TXP2P DONE'")]
    [InlineData("\r\nOK\r\n+EVT:RXP2P:-5:12:00\r\nOK\r\n", "'OK' | 00 -5 dBm 12 dB | 'OK'")]
    [InlineData("+EVT:RXP2P:-112:1:12RAKwireless RAK3172\r\n", "'RAKwireless RAK3172'")]
    [InlineData("+EVT:RXP2P:-112:1:12+EVT:RXP2P:-60:1:1234\r\n", "1234 -60 dBm 1 dB")]
    [InlineData("+EVT:RXP2P:-112:1:123\r\n+EVT:RXP2P:1:1234\r\n", "")]
    public void Rak_BothStylesOfEvents(string text, string expected) => Assert.Equal(expected, Found(new RakFramer(), text));

    [Theory]
    [InlineData("^RX:(?<payload>.*),(?<rssi>-\\d+),(?<snr>[-.0-9]+)$", PayloadEncoding.Text, "RX:t=21,h=4,-50,7.5\r\n", "743d32312c683d34 -50 dBm 7.5 dB")]
    [InlineData("^RX:(?<payload>.*),(?<rssi>-\\d+)$", PayloadEncoding.Text, "RX:21\u00B0C\0,-50\r\n\u00FF\0RX:a,-51\r\n\u00FFOK\r\n", "3231b04300 -50 dBm | 61 -51 dBm | 'OK'")]
    [InlineData("(?<payload>[A-Za-z0-9+/=]+)$", PayloadEncoding.Base64, "+R:QUI=\r\n", "4142")]
    [InlineData("^(?<from>\\d+) (?<payload>.+)$", PayloadEncoding.Hex, "12 4142\r\nOK\r\n12 4\r\n", "4142 from 12 | 'OK'")]
    public void Pattern_OfTheConfiguration(string pattern, PayloadEncoding encoding, string text, string expected) =>
        Assert.Equal(expected, Found(new PatternFramer(PatternFramer.Compile(pattern), encoding), text));

    [Fact]
    public void Pattern_ThatNeedsBacktracking_IsRefused() => Assert.Throws<NotSupportedException>(() => PatternFramer.Compile("(?<a>x+)\\k<a>"));

    [Theory]
    [InlineData(RssiByte.Complement, (byte)0xC4, -60)]
    [InlineData(RssiByte.Half, (byte)120, -60)]
    public void Transparent_WithoutFrames_EndsWithSilence(RssiByte rssi, byte strength, int expected)
    {
        var framer = new TransparentFramer(rssi, hasFrames: false);
        var found = FoundInBytes.In(framer, [0x41, 0x0D, 0x0A, strength], () => 1);
        Assert.Empty(found.Found);
        framer.Idle(found);
        Assert.Equal($"410d0a {expected} dBm", found.Text);
    }

    [Fact]
    public void Transparent_WithFrames_NeedsNoSilence()
    {
        byte[] one = new NodeFrame(FrameKind.Data, 12, 1, 0, new byte[] { 0xE7, 0x9D, 0x08 }).ToBytes();
        byte[] two = new NodeFrame(FrameKind.Data, 13, 2, 5, Array.Empty<byte>()).ToBytes();
        byte[] torn = [.. one[..7]];
        var found = FoundInBytes.In(new TransparentFramer(RssiByte.Complement, hasFrames: true), [0xE7, .. one, 0xC4, .. torn, .. two, 0xC5, 0x00], () => 3);
        Assert.Equal($"{Convert.ToHexStringLower(one)} -60 dBm | {Convert.ToHexStringLower(two)} -59 dBm", found.Text);
        Assert.Equal(1 + torn.Length + 1, found.NoiseBytes);
    }

    [Fact]
    public void Transparent_AFrameWithoutItsStrength_IsTakenWhenNothingComesAnyMore()
    {
        var framer = new TransparentFramer(RssiByte.Complement, hasFrames: true);
        var frame = new NodeFrame(FrameKind.Data, 12, 1, 0, new byte[3]).ToBytes();
        var found = FoundInBytes.In(framer, frame);
        Assert.Empty(found.Found);
        framer.Idle(found);
        Assert.Equal(Convert.ToHexStringLower(frame), found.Text);
    }

    [Theory]
    [InlineData(true, "whole")]
    [InlineData(false, "")]
    public void Transparent_AtTheEndOfTheLine_OnlyAFrameIsKnownToBeWhole(bool hasFrames, string expected)
    {
        var framer = new TransparentFramer(RssiByte.Complement, hasFrames);
        var frame = new NodeFrame(FrameKind.Data, 12, 1, 0, new byte[3]).ToBytes();
        var found = FoundInBytes.In(framer, frame);
        framer.End(found);
        Assert.Equal(expected == "whole" ? Convert.ToHexStringLower(frame) : "", found.Text);
        Assert.Equal(0, framer.Pending);
    }

    [Fact]
    public void Lines_WithoutAnEnd_AreBounded()
    {
        foreach (var dialect in Dialects.All)
        {
            var framer = Dialects.Framer(dialect);
            var found = FoundInBytes.In(framer, Enumerable.Repeat((byte)'x', 100_000).ToArray(), () => 700);
            Assert.InRange(framer.Pending, 0, 2048);
            framer.Idle(found);
            Assert.Equal((0, 100_000), (framer.Pending, found.NoiseBytes));
        }
    }

    [Fact]
    public void EveryDialect_SplitAtEveryByte_FindsTheSame()
    {
        foreach (var dialect in Dialects.All)
        {
            var random = new Random(11);
            var (stream, expected) = Conversation(dialect, random, 12);
            for (var split = 0; split <= stream.Length; split++)
            {
                var framer = Dialects.Framer(dialect);
                var found = FoundInBytes.In(framer, stream.AsSpan(0, split));
                framer.Receive(stream.AsSpan(split), found);
                Assert.Equal(expected, found.Found);
            }
        }
    }

    /// <summary>Packets back to back, with answers, banners and empty lines between them.</summary>
    internal static (byte[] Stream, List<string> Expected) Conversation(string dialect, Random random, int length)
    {
        var stream = new List<byte>();
        var expected = new List<string>();
        for (var i = 0; i < length; i++)
        {
            if (Dialects.Lines(dialect) is { Length: > 0 } lines && random.Next(3) == 0)
            {
                var line = lines[random.Next(lines.Length)];
                stream.AddRange(Encoding.ASCII.GetBytes(line + "\r\n"));
                expected.Add($"'{line}'");
            }
            else
            {
                var (payload, from, rssi, snr) = (Dialects.Payload(dialect, random), random.Next(65536), random.Next(-120, -1), random.Next(-20, 20));
                stream.AddRange(Dialects.Wire(dialect, payload, from, rssi, snr));
                expected.Add(Dialects.Expected(dialect, payload, from, rssi, snr));
            }
        }

        return ([.. stream], expected);
    }
}
