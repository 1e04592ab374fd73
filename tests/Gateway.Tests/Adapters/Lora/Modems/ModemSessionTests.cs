using System.Text;
using Gateway.Adapters.Lora;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Every make, from the first command to what goes wrong: no packet that the modem delivers is lost, none is invented.</summary>
public class ModemSessionTests
{
    /// <summary>Line ends, commas and words of the protocol; of the transparent one a frame that holds them.</summary>
    private static byte[] Nasty(string make, int number)
    {
        byte[] data = [.. Encoding.ASCII.GetBytes($"{number},\r\n+OK\r\nok\r\n+RCV=1,1,"), 0, 255, 0xE7, 0x9D];
        return make == "transparent" ? new NodeFrame(FrameKind.Data, 12, (uint)number, 0, data).ToBytes() : data;
    }

    [Theory]
    [MemberData(nameof(SessionHarness.Makes), MemberType = typeof(SessionHarness))]
    public void Start_SetsItUpAndListens(string make)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
        Assert.True(harness.Session.IsReady);
    }

    [Theory]
    [InlineData("reyax", "MODE=0 ADDRESS=3 NETWORKID=18 BAND=868500000 PARAMETER=9,7,1,12 CRFOP=14")]
    [InlineData("microchip", "mod=lora freq=868500000 sf=sf9 bw=125 cr=4/5 prlen=12 crc=on iqi=off sync=12 pwr=14 wdt=0")]
    [InlineData("seeed", "RFCFG=868.5,SF9,125,12,12,14,ON,OFF,OFF")]
    [InlineData("rak", "P2P=868500000:9:125:0:12:14")]
    public void Start_TellsTheModemWhatIsConfigured(string make, string expected)
    {
        var harness = new SessionHarness(make, networkId: 18);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(expected.Split(' ').Order(), harness.Modem.Settings.Select(s => $"{s.Key}={s.Value}").Order());
    }

    [Theory]
    [MemberData(nameof(SessionHarness.Makes), MemberType = typeof(SessionHarness))]
    public void Packets_CutAnywhere_AllArriveInOrder(string make)
    {
        for (var chunk = 1; chunk < 40; chunk++)
        {
            var harness = new SessionHarness(make, () => chunk);
            harness.Start();
            harness.Run(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 20; i++)
            {
                Assert.True(harness.Modem.Hear(Nasty(make, i), from: 7, rssi: -50 - i, snr: i % 8));
                harness.Run();
            }

            Assert.Equal(Enumerable.Range(0, 20).Select(i => Convert.ToHexString(Nasty(make, i))), harness.Packets.Select(p => Convert.ToHexString(p.Payload.Span)));
            Assert.All(harness.Packets, (p, i) => Assert.Equal(-50 - i, p.Rssi));
            Assert.All(harness.Packets, p => Assert.Equal(make == "reyax" ? 7 : null, p.From));
            Assert.Equal(0, harness.NoiseBytes);
        }
    }

    [Theory]
    [MemberData(nameof(SessionHarness.Makes), MemberType = typeof(SessionHarness))]
    public void Packets_BesideCommandsGarbageAndBanners_NoneIsLostOfWhatWasDelivered_NoneInvented(string make)
    {
        var random = new Random(17);
        for (var run = 0; run < 30; run++)
        {
            var harness = new SessionHarness(make, () => random.Next(1, 20));
            var delivered = new List<string>();
            harness.Start();
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(9))
                {
                    case 0:
                        harness.Modem.Restart();
                        break;
                    case 1:
                        harness.Modem.BeSilent(random.Next(3));
                        break;
                    case 2:
                        harness.Modem.BeBusy(1);
                        break;
                    case 3:
                        var noise = new byte[random.Next(1, 30)];
                        random.NextBytes(noise);

                        // A line end behind it: what comes without one cannot be told from the beginning of the next line.
                        harness.Modem.Say([.. noise, (byte)'\r', (byte)'\n']);
                        break;
                    case 4:
                        harness.Session.Send(new(Nasty(make, step), 5, TimeSpan.FromMilliseconds(50)));
                        break;
                    default:
                        if (harness.Modem.Hear(Nasty(make, step), 7))
                        {
                            delivered.Add(Convert.ToHexString(Nasty(make, step)));
                        }

                        break;
                }

                if (random.Next(3) > 0)
                {
                    harness.Run(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(10_000) : 0));
                }
            }

            harness.Run(TimeSpan.FromMinutes(1));
            Assert.Equal(delivered, harness.Packets.Select(p => Convert.ToHexString(p.Payload.Span)));
            Assert.True(harness.Modem.IsListening, "it was left deaf");
        }
    }

    [Theory]
    [InlineData("reyax")]
    [InlineData("microchip")]
    [InlineData("seeed")]
    [InlineData("rak")]
    public void Restart_InMidRun_IsNoticedAndSetUpAnew(string make)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        harness.Log.Clear();
        harness.Modem.Restart();
        Assert.False(harness.Modem.IsListening);
        harness.Run(TimeSpan.FromSeconds(1));
        Assert.Contains("restarted", harness.Log);
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [InlineData("seeed")]
    [InlineData("rak")]
    [InlineData("microchip")]
    public void Restart_ThatNobodySaw_IsFoundByTheWatchdog(string make)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        var speak = harness.Modem.Out;
        harness.Modem.Out = static _ => { };
        harness.Modem.Restart();
        harness.Modem.Out = speak;
        harness.Run(ModemSession.WatchEvery - TimeSpan.FromSeconds(5));
        Assert.False(harness.Modem.IsListening);
        harness.Run(TimeSpan.FromSeconds(20));
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [InlineData("reyax")]
    [InlineData("microchip")]
    [InlineData("seeed")]
    [InlineData("rak")]
    public void Modem_ThatDoesNotAnswer_IsToldOnceAndTriedOnAndOn(string make)
    {
        var harness = new SessionHarness(make);
        harness.Modem.BeSilent(int.MaxValue);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(30));
        Assert.StartsWith("the modem does not answer", harness.Log[0]);
        Assert.False(harness.Session.IsReady);
        harness.Modem.BeSilent(0);
        harness.Run(TimeSpan.FromSeconds(15));
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(SessionHarness.Makes), MemberType = typeof(SessionHarness))]
    public void Send_GoesOverTheAir_AndTheReceiverIsArmedAgain(string make)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        Assert.Null(harness.Send(Nasty(make, 1), to: 9));
        var sent = Assert.Single(harness.Modem.Sent);
        Assert.Equal(Nasty(make, 1), sent.Payload);
        Assert.Equal(make == "reyax" ? 9 : 0, sent.To);
        Assert.True(harness.Modem.Hear(Nasty(make, 2)));
        harness.Run();
        Assert.Single(harness.Packets);
    }

    [Theory]
    [InlineData("reyax", "the last packet is still being sent (+ERR=17)")]
    [InlineData("seeed", "+TEST: ERROR(-12)")]
    public void Send_Refused_SaysWhy_AndTheReceiverIsArmedAgain(string make, string expected)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        harness.Modem.BeBusy(1);
        Assert.Equal(expected, harness.Send([1, 2, 3]));
        Assert.True(harness.Modem.IsListening);
        Assert.Null(harness.Send([1, 2, 3]));
    }

    [Theory]
    [InlineData("reyax")]
    [InlineData("microchip")]
    [InlineData("seeed")]
    [InlineData("rak")]
    public void Send_WithoutAnAnswer_IsNotRepeated_AndTheModemIsSetUpAnew(string make)
    {
        var harness = new SessionHarness(make);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        harness.Modem.OnSent = _ => harness.Modem.Out = static _ => { };
        var answer = harness.Modem.Out;
        var send = new ModemSend(new byte[] { 1 }, 0, TimeSpan.FromMilliseconds(200));
        harness.Session.Send(send);
        harness.Run(TimeSpan.FromSeconds(1));
        harness.Modem.Out = answer;
        harness.Run(TimeSpan.FromSeconds(20));
        Assert.Equal("the modem does not say that it was sent", SessionHarness.Outcome(send));
        Assert.Single(harness.Modem.Sent);
        Assert.True(harness.Modem.IsListening);
    }

    [Fact]
    public void Microchip_ADamagedPacket_ArmsItAgain()
    {
        var harness = new SessionHarness("microchip");
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(1));
        ((SimulatedMicrochip)harness.Modem).HearDamaged();
        harness.Run();
        Assert.True(harness.Modem.IsListening);
    }

    [Fact]
    public void Send_TooMuchTooLongOrTooEarly_IsRefusedAtOnce()
    {
        var harness = new SessionHarness("reyax");
        Assert.Equal("the modem is not ready", Problem(harness, 10));
        harness.Start();
        Assert.Equal("241 bytes, and the modem carries 240", Problem(harness, 241));
        harness.Modem.BeSilent(int.MaxValue);
        for (var i = 0; i < 17; i++)
        {
            harness.Session.Send(new(new byte[1], 0, default));
        }

        Assert.StartsWith("busy", Problem(harness, 1));
    }

    [Fact]
    public void Stop_TellsWhoWaits()
    {
        var harness = new SessionHarness("reyax");
        harness.Start();
        harness.Modem.BeSilent(int.MaxValue);
        var sends = Enumerable.Range(0, 3).Select(_ => new ModemSend(new byte[1], 0, default)).ToList();
        sends.ForEach(harness.Session.Send);
        harness.Session.Stop("adapter unplugged");
        Assert.All(sends, s => Assert.Equal("adapter unplugged", SessionHarness.Outcome(s)));
        Assert.False(harness.Session.IsReady);
    }

    private static string? Problem(SessionHarness harness, int length)
    {
        var send = new ModemSend(new byte[length], 0, default);
        harness.Session.Send(send);
        return SessionHarness.Outcome(send);
    }
}
