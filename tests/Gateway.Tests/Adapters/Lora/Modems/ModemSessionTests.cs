using System.Text;
using Gateway.Adapters.Lora;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>Every make and setting, from the first command to what goes wrong: no packet that the modem delivers is lost, none is invented.</summary>
public class ModemSessionTests
{
    public static TheoryData<string> All => ModemCase.Names;

    public static TheoryData<string> Spoken => ModemCase.Spoken;

    public static TheoryData<string> Watched => ModemCase.Watched;

    [Theory]
    [MemberData(nameof(All))]
    public void Start_SetsItUpAndListens(string name)
    {
        var harness = SessionHarness.Ready(name);
        Assert.True(harness.Modem.IsListening);
        Assert.True(harness.Session.IsReady);
    }

    [Theory]
    [InlineData("rylr998", "MODE=0 ADDRESS=3 NETWORKID=18 BAND=868500000 PARAMETER=9,7,1,12 CRFOP=14")]
    [InlineData("rylr896", "MODE=0 ADDRESS=3 NETWORKID=18 BAND=868500000 PARAMETER=9,7,1,12 CRFOP=14")]
    [InlineData("rn2483", "mod=lora freq=868500000 sf=sf9 bw=125 cr=4/5 prlen=12 crc=on iqi=off sync=12 pwr=14 wdt=0")]
    [InlineData("rn2903", "mod=lora freq=915000000 sf=sf9 bw=125 cr=4/5 prlen=12 crc=on iqi=off pwr=14 wdt=0")]
    [InlineData("lora-e5", "RFCFG=868.5,SF9,125,12,12,14,ON,OFF,OFF")]
    [InlineData("rak3172", "P2P=868500000:9:125:0:12:14")]
    [InlineData("generic", "AT+CFG=868500000,9= AT+RX=")]
    public void Start_TellsTheModemWhatIsConfigured(string name, string expected)
    {
        var harness = SessionHarness.Ready(name);
        Assert.Equal(expected.Split(' ').Order(), harness.Modem.Settings.Select(s => $"{s.Key}={s.Value}").Order());
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packets_CutAnywhere_AllArriveInOrder(string name)
    {
        for (var chunk = 1; chunk < 40; chunk++)
        {
            var harness = SessionHarness.Ready(name, () => chunk);
            for (var i = 0; i < 20; i++)
            {
                Assert.True(harness.Hear(harness.Case.Nasty(i), from: 7, rssi: -50 - i, snr: i % 8));
                harness.Run();
            }

            Assert.Equal(Enumerable.Range(0, 20).Select(i => Convert.ToHexString(harness.Case.Nasty(i))), harness.Payloads);
            Assert.All(harness.Packets, (p, i) => Assert.Equal(harness.Case.TellsRssi ? -50 - i : null, p.Rssi));
            Assert.All(harness.Packets, p => Assert.Equal(harness.Case.TellsFrom ? 7 : null, p.From));
            Assert.Equal(0, harness.NoiseBytes);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packets_BackToBackInOnePiece_AllArriveInOrder(string name)
    {
        var harness = SessionHarness.Ready(name);
        var delivered = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            harness.IsHeld = true;
            for (var n = 0; n < (harness.Case.NeedsPauses ? 1 : 3); n++)
            {
                var payload = harness.Case.Nasty((10 * i) + n);
                if (harness.Modem.Hear(payload))
                {
                    delivered.Add(Convert.ToHexString(payload));
                }
            }

            harness.LetGo();
        }

        Assert.Equal(delivered, harness.Payloads);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packet_WhileACommandIsOutstanding_Arrives_AndTheCommandIsCarriedOut(string name)
    {
        for (var when = 0; when < 2; when++)
        {
            var harness = SessionHarness.Ready(name);
            var send = new ModemSend(harness.Case.Nasty(1), 5, TimeSpan.FromMilliseconds(50));
            var delivered = new List<string>();
            harness.IsHeld = true;
            HearAt(0);
            harness.Session.Send(send);
            harness.Run();
            HearAt(1);
            harness.LetGo();
            harness.Run(TimeSpan.FromSeconds(10));
            Assert.Null(SessionHarness.Outcome(send));
            Assert.Equal(delivered, harness.Payloads);
            Assert.True(harness.Modem.IsListening);

            // Before the command, or behind it.
            void HearAt(int moment)
            {
                if (when == moment && harness.Modem.Hear(harness.Case.Nasty(2)))
                {
                    delivered.Add(Convert.ToHexString(harness.Case.Nasty(2)));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packets_BesideCommandsGarbageAndBanners_NoneIsLostOfWhatWasDelivered_NoneInvented(string name)
    {
        var random = new Random(17);
        for (var run = 0; run < 20; run++)
        {
            var harness = new SessionHarness(name, () => random.Next(1, 20));
            var delivered = new List<string>();
            harness.Start();
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(10))
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
                        Garble(harness, random);
                        break;
                    case 4:
                        harness.Session.Send(new(harness.Case.Nasty(step), 5, TimeSpan.FromMilliseconds(50)));
                        break;
                    case 5 when random.Next(5) == 0:
                        harness.Run();
                        harness.Session.Stop("unplugged");
                        harness.Start();
                        break;
                    default:
                        if (harness.Hear(harness.Case.Nasty(step), 7))
                        {
                            delivered.Add(Convert.ToHexString(harness.Case.Nasty(step)));
                        }

                        break;
                }

                if (random.Next(3) > 0)
                {
                    harness.Run(TimeSpan.FromMilliseconds(random.Next(4) == 0 ? random.Next(10_000) : 0));
                }
            }

            harness.Run(TimeSpan.FromMinutes(3));
            Assert.Equal(delivered, harness.Payloads);
            Assert.True(harness.Modem.IsListening, "it was left deaf");
        }
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Restart_InMidRun_IsNoticedAndSetUpAnew(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.Modem.Restart();
        Assert.False(harness.Modem.IsListening);
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(["restarted", "ready"], harness.Log.Where(static l => l[0] != '\''));
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(Watched))]
    public void Restart_ThatNobodySaw_IsFoundByTheWatchdog(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.IsHeld = true;
        harness.Modem.Restart();
        harness.LoseHeld();
        harness.Run(ModemSession.WatchEvery - TimeSpan.FromSeconds(5));
        Assert.False(harness.Modem.IsListening);
        harness.Run(TimeSpan.FromSeconds(20));
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Modem_ThatDoesNotAnswer_IsToldOnceAndTriedOnAndOn(string name)
    {
        var harness = new SessionHarness(name);
        harness.Modem.BeSilent(int.MaxValue);
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(30));
        Assert.StartsWith("the modem does not answer", harness.Log[0]);
        Assert.False(harness.Session.IsReady);
        harness.Modem.BeSilent(0);
        harness.Run(TimeSpan.FromSeconds(20));
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Modem_ThatIsBusyAtItsStart_IsSetUpLater(string name)
    {
        var harness = new SessionHarness(name);
        harness.Modem.BeBusy(3);
        harness.Start();
        harness.Run(TimeSpan.FromMinutes(1));
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Modem_UnpluggedInThePacket_TellsWhatWasWhole_AndGoesOn(string name)
    {
        var harness = SessionHarness.Ready(name, () => 1);
        Assert.True(harness.Hear(harness.Case.Nasty(1)));
        harness.Run();
        harness.Session.Receive(harness.Case.Nasty(2).AsSpan(0, 5));
        harness.Session.Stop("unplugged");
        harness.Modem.Restart();
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.True(harness.Hear(harness.Case.Nasty(3)));
        harness.Run();
        Assert.Equal([Convert.ToHexString(harness.Case.Nasty(1)), Convert.ToHexString(harness.Case.Nasty(3))], harness.Payloads);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Send_GoesOverTheAir_AndTheReceiverIsArmedAgain(string name)
    {
        var harness = SessionHarness.Ready(name);
        Assert.Null(harness.Send(harness.Case.Nasty(1), to: 9));
        Assert.Equal(harness.Case.Nasty(1), harness.Modem.Sent.SelectMany(static s => s.Payload));
        Assert.All(harness.Modem.Sent, s => Assert.Equal(harness.Case.TakesTo ? 9 : 0, s.To));
        Assert.True(harness.Hear(harness.Case.Nasty(2)));
        harness.Run();
        Assert.Single(harness.Packets);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Send_TwoAtOnce_AreTwoPacketsOnTheAir(string name)
    {
        var harness = SessionHarness.Ready(name);
        ModemSend[] sends = [new(harness.Case.Nasty(1), 8, TimeSpan.FromMilliseconds(50)), new(harness.Case.Nasty(2), 9, TimeSpan.FromMilliseconds(50))];
        Array.ForEach(sends, harness.Session.Send);
        harness.Run(TimeSpan.FromSeconds(20));
        Assert.All(sends, s => Assert.Null(SessionHarness.Outcome(s)));
        Assert.Equal([Convert.ToHexString(harness.Case.Nasty(1)), Convert.ToHexString(harness.Case.Nasty(2))], harness.Modem.Sent.Select(static s => Convert.ToHexString(s.Payload)));
        Assert.Equal(harness.Case.TakesTo ? [8, 9] : [0, 0], harness.Modem.Sent.Select(static s => s.To));
    }

    [Theory]
    [InlineData("rylr998", "the last packet is still being sent (+ERR=17)")]
    [InlineData("lora-e5", "+TEST: ERROR(-12)")]
    [InlineData("generic", "busy")]
    public void Send_Refused_SaysWhy_AndTheReceiverIsArmedAgain(string name, string expected)
    {
        var harness = SessionHarness.Ready(name);
        harness.Modem.BeBusy(1);
        Assert.Equal(expected, harness.Send([1, 2, 3]));
        Assert.True(harness.Modem.IsListening);
        Assert.Null(harness.Send([1, 2, 3]));
    }

    [Theory]
    [MemberData(nameof(Spoken))]
    public void Send_WithoutAnAnswer_IsNotRepeated_AndTheModemIsSetUpAnew(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.Modem.OnSent = _ => harness.Modem.Out = static _ => { };
        var answer = harness.Modem.Out;
        var send = new ModemSend(harness.Case.Nasty(1), 0, TimeSpan.FromMilliseconds(200));
        harness.Session.Send(send);
        harness.Run(TimeSpan.FromSeconds(1));
        harness.Modem.Out = answer;
        harness.Run(TimeSpan.FromSeconds(30));
        Assert.Equal("the modem does not say that it was sent", SessionHarness.Outcome(send));
        Assert.Single(harness.Modem.Sent);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [InlineData("rn2483")]
    [InlineData("rn2903")]
    public void Microchip_ADamagedPacket_ArmsItAgain(string name)
    {
        var harness = SessionHarness.Ready(name);
        ((SimulatedMicrochip)harness.Modem).HearDamaged();
        harness.Run();
        Assert.True(harness.Modem.IsListening);
    }

    [Fact]
    public void Send_TooMuchTooLongOrTooEarly_IsRefusedAtOnce()
    {
        var harness = new SessionHarness("rylr998");
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
        var harness = new SessionHarness("rylr998");
        harness.Start();
        harness.Modem.BeSilent(int.MaxValue);
        var sends = Enumerable.Range(0, 3).Select(_ => new ModemSend(new byte[1], 0, default)).ToList();
        sends.ForEach(harness.Session.Send);
        harness.Session.Stop("adapter unplugged");
        Assert.All(sends, s => Assert.Equal("adapter unplugged", SessionHarness.Outcome(s)));
        Assert.False(harness.Session.IsReady);
    }

    /// <summary>A line end behind it: what comes without one cannot be told from the beginning of the next line. Where nothing tells a packet from anything else, none.</summary>
    private static void Garble(SessionHarness harness, Random random)
    {
        if (harness.Case.NeedsPauses)
        {
            return;
        }

        var noise = new byte[random.Next(1, 30)];
        random.NextBytes(noise);
        harness.Modem.Say([.. noise, .. Encoding.ASCII.GetBytes("\r\n")]);
    }

    private static string? Problem(SessionHarness harness, int length)
    {
        var send = new ModemSend(new byte[length], 0, default);
        harness.Session.Send(send);
        return SessionHarness.Outcome(send);
    }
}
