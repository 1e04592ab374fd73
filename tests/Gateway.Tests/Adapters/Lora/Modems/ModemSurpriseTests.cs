using System.Text;
using Gateway.Adapters.Lora;
using Gateway.Simulators;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>What comes at the wrong moment: late answers, a packet as soon as the receiver is armed, banners without end, noise that covers silence.</summary>
public class ModemSurpriseTests
{
    public static TheoryData<string> All => ModemCase.Names;

    public static TheoryData<string> Watched => ModemCase.Watched;

    [Theory]
    [InlineData("rylr998", "AT+MODE=0")]
    [InlineData("rak3172", "AT+NWM=?")]
    [InlineData("lora-e5", "AT+MODE=TEST")]
    [InlineData("generic", "AT+RX")]
    public void Answer_ThatComesTwice_IsNotTakenForTheNextCommands(string name, string next)
    {
        var harness = new SessionHarness(name) { IsHeld = true };
        harness.Start();
        harness.Run(ModemCommand.DefaultTimeout + TimeSpan.FromMilliseconds(500));
        Assert.Equal(2, harness.Said.Count);
        harness.Modem.BeBusy(1);
        harness.LetOneGo();
        harness.Run();
        harness.LetGo();
        harness.Run();

        // It was the next command that the modem refused, and no other.
        Assert.StartsWith($"the modem refuses \"{next}\"", harness.Log.Single(static l => l[0] != '\''));
    }

    [Fact]
    public void Answer_ThatComesTwice_IsWaitedFor_AndNotForEver()
    {
        var harness = new SessionHarness("rylr998") { IsHeld = true };
        harness.Start();
        harness.Run(ModemCommand.DefaultTimeout + TimeSpan.FromMilliseconds(500));
        harness.LetOneGo();
        harness.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(["AT", "AT"], harness.Said);
        harness.LetOneGo();
        Assert.Equal("AT+MODE=0", harness.Said[^1]);
        harness.Run(ModemCommand.DefaultTimeout + TimeSpan.FromMilliseconds(500));
        harness.LetOneGo();
        harness.LoseHeld();
        harness.Run(ModemCommand.DefaultTimeout + TimeSpan.FromSeconds(1));
        Assert.Equal("ready", harness.Log[^1]);
    }

    [Fact]
    public void Answer_OfASend_ThatComesTooLate_DoesNotAnswerTheFirstCommandOfTheNextStart()
    {
        var harness = SessionHarness.Ready("rylr998");
        var send = new ModemSend(new byte[1], 0, TimeSpan.FromMilliseconds(50));
        harness.IsHeld = true;
        harness.Session.Send(send);
        harness.Run(TimeSpan.FromSeconds(4));
        Assert.Equal("the modem does not say that it was sent", SessionHarness.Outcome(send));
        harness.LetGo();
        harness.Modem.BeBusy(1);
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.StartsWith("the modem refuses \"AT\"", harness.Log[^1]);
    }

    [Fact]
    public void Answer_OfSeveralLines_IsOverWithItsLast()
    {
        var harness = new SessionHarness("rak3172", () => 1);
        harness.AfterCommand = () =>
        {
            if (harness.Said[^1] == "AT+PRECV=0" && !harness.Said.Exists(static s => s.StartsWith("AT+P2P=", StringComparison.Ordinal)))
            {
                harness.Modem.BeBusy(1);
            }
        };
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.Equal("the modem refuses \"AT+P2P=868500000:9:125:0:12:14\": AT_BUSY_ERROR", harness.Log.First(static l => l.StartsWith("the modem", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Packet_InOnePieceWithTheAnswerThatArmed_Arrives_AndTheReceiverIsArmedAgain(string name)
    {
        var harness = new SessionHarness(name) { IsMerged = true };
        var isHeard = false;
        harness.AfterCommand = () => isHeard = isHeard || harness.Modem.Hear(harness.Case.Nasty(1));
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(5));
        harness.AfterCommand = null;
        Assert.Equal(isHeard ? 1 : 0, harness.Packets.Count);
        Assert.True(harness.Hear(harness.Case.Nasty(2)));
        harness.Run();
        Assert.Equal(Convert.ToHexString(harness.Case.Nasty(2)), harness.Payloads.Last());
    }

    [Theory]
    [InlineData("rn2483")]
    [InlineData("rn2903")]
    public void Strength_ThatIsNotTold_DelaysThePacketAndTheReceiverOnlyALittle_AndALateOneIsNotTakenForAnother(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.IsHeld = true;
        Assert.True(harness.Modem.Hear([1, 2], rssi: -60, snr: 9));
        harness.LetOneGo();
        harness.Run(TimeSpan.FromMilliseconds(600));
        harness.LetGo();
        harness.Run();
        var packet = Assert.Single(harness.Packets);
        Assert.Equal((null, null), (packet.Rssi, packet.Snr));
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [MemberData(nameof(Watched))]
    public void Restart_ThatNobodySaw_IsFoundAlthoughTheLineIsNoisy(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.IsHeld = true;
        harness.Modem.Restart();
        harness.LoseHeld();
        for (var i = 0; i < 12; i++)
        {
            harness.Modem.Say([0xFF, 0x00, (byte)'\r', (byte)'\n']);
            harness.Modem.Say(Encoding.ASCII.GetBytes("what nobody waits for\r\n"));
            harness.Run(TimeSpan.FromSeconds(10));
        }

        Assert.True(harness.Modem.IsListening);
        Assert.Contains("restarted", harness.Log);
    }

    [Theory]
    [MemberData(nameof(Watched))]
    public void Watchdog_ThatIsRefusedAnAnswer_LeavesTheModemAlone(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.Modem.BeBusy(10);
        harness.Run(ModemSession.WatchEvery + TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(harness.Log, static l => l == "restarted" || l.StartsWith("the modem", StringComparison.Ordinal));
        Assert.True(harness.Session.IsReady);
        Assert.True(harness.Modem.IsListening);
    }

    [Theory]
    [InlineData("rn2483")]
    [InlineData("rak3172")]
    [InlineData("rak3172 before RUI3")]
    public void Receiver_ThatStoppedUnseen_IsArmedByTheWatchdog_AndAPacketIsNotLostIfItDidNot(string name)
    {
        var harness = SessionHarness.Ready(name);
        harness.Run(ModemSession.WatchEvery + TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(harness.Said.TakeLast(2), static s => s is "radio rxstop" or "AT+PRECV=0");
        Assert.True(harness.Modem.IsListening);
        harness.Modem.Receive(Encoding.ASCII.GetBytes(name == "rn2483" ? "radio rxstop\r\n" : "AT+PRECV=0\r\n"));
        Assert.False(harness.Modem.IsListening);
        harness.Run(ModemSession.WatchEvery + TimeSpan.FromSeconds(2));
        Assert.True(harness.Modem.IsListening);
        Assert.DoesNotContain("restarted", harness.Log);
    }

    [Theory]
    [InlineData("rylr998")]
    [InlineData("rn2483")]
    [InlineData("lora-e5")]
    [InlineData("rak3172")]
    public void Restarts_WithoutEnd_AreAFailure_AndItGoesOnWhenTheyEnd(string name)
    {
        var harness = SessionHarness.Ready(name);
        for (var i = 0; i < 50; i++)
        {
            harness.Modem.Restart();
            harness.Run(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(ModemSession.MostRestarts, harness.Log.Count(static l => l == "restarted"));
        Assert.Contains("the modem starts again and again", harness.Log);
        harness.Run(TimeSpan.FromSeconds(10));
        Assert.Equal("ready", harness.Log[^1]);
        Assert.True(harness.Modem.IsListening);
    }

    [Fact]
    public void Rak_TheRestartThatChangingItsModeMakes_IsNotItsOwn()
    {
        var harness = new SessionHarness("rak3172");
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(3));
        Assert.Equal("ready", harness.Log.Single(static l => l[0] != '\''));
    }

    [Theory]
    [InlineData("rak3172")]
    [InlineData("rak3172 before RUI3")]
    public void Rak_ThatEchoesItsCommands_IsUnderstood(string name)
    {
        var harness = new SessionHarness(name);
        var say = harness.Modem.Out;
        harness.AfterCommand = null;
        harness.Modem.Out = bytes =>
        {
            say(Encoding.ASCII.GetBytes(harness.Said[^1] + "\r\n"));
            say(bytes);
        };
        harness.Start();
        harness.Run(TimeSpan.FromSeconds(5));
        Assert.Contains("ready", harness.Log);
        harness.Run(ModemSession.WatchEvery + TimeSpan.FromSeconds(5));
        Assert.DoesNotContain("restarted", harness.Log);
        Assert.True(harness.Modem.IsListening);
    }

    [Fact]
    public void Transparent_AFrameWhoseStrengthIsUnderWay_IsNotLostWithTheLine()
    {
        var harness = SessionHarness.Ready("e22");
        harness.Session.Receive(harness.Case.Nasty(1));
        harness.Session.Stop("unplugged");
        Assert.Equal([Convert.ToHexString(harness.Case.Nasty(1))], harness.Payloads);
    }

    [Fact]
    public void Transparent_FixedAddressing_PutsAddressAndChannelInFront_AndTheReceiverIsGivenWhatStandsBehind()
    {
        var harness = SessionHarness.Ready("e22 fixed");
        Assert.Null(harness.Send([0xAA, 0xBB, 0xCC], to: 0x0003));
        Assert.Equal("000312AABBCC", Convert.ToHexString(Encoding.Latin1.GetBytes(harness.Said[^1])));
        var sent = Assert.Single(harness.Modem.Sent);
        Assert.Equal((3, "AABBCC", (byte?)18), (sent.To, Convert.ToHexString(sent.Payload), ((SimulatedTransparent)harness.Modem).Channel));
    }

    [Fact]
    public void Transparent_APacketLongerThanOneOfAnE32_ComesInTwo_AndIsOneFrame()
    {
        var harness = SessionHarness.Ready("e32");
        var frame = new NodeFrame(FrameKind.Data, 12, 1, 0, new byte[100]).ToBytes();
        Assert.Null(harness.Send(frame));
        Assert.Equal([58, 55], harness.Modem.Sent.Select(static s => s.Payload.Length));
        harness.Modem.Hear(frame[..58]);
        harness.Run(TimeSpan.FromMilliseconds(200));
        harness.Modem.Hear(frame[58..]);
        harness.Run();
        Assert.Equal([Convert.ToHexString(frame)], harness.Payloads);
    }
}
