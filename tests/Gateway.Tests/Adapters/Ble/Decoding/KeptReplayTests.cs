using Gateway.Adapters.Heard;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>What was recorded before a restart or a power cut is not believed after it; a sensor with a new battery is, after a while.</summary>
public sealed class KeptReplayTests : IDisposable
{
    private const string Key = "231d39c1d7cc1ab1aee224cd096db932";
    private const string Address = "54:48:E6:8F:80:A5";

    private readonly KeptBox _kept = new();

    public void Dispose() => _kept.Dispose();

    [Theory]
    [InlineData("bthome")]
    [InlineData("mibeacon")]
    public void Recordings_OfBefore_AreRefused_AfterAPowerCut(string format)
    {
        var box = Box(format);
        Assert.Equal("battery=90", Hear(box, format, 5000, 90));
        _kept.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("battery=89", Hear(box, format, 5001, 89));
        _kept.CutPower(new(1));
        box = Box(format);
        Assert.Equal("refused", Hear(box, format, 5000, 90));
        Assert.Contains("counter 5000 is not newer than 5001", box.Last.Reason);

        // The last one again is a sign of life, as it was before.
        Assert.Equal("repeated", Hear(box, format, 5001, 89));
        Assert.Equal("battery=88", Hear(box, format, 5002, 88));
        Assert.Equal("refused", Hear(box, format, 5001, 89));
    }

    [Fact]
    public void InTheClear_AfterARestart_IsRefusedAsBefore()
    {
        var box = Box("bthome");
        Assert.Equal("refused", box.Hear(0xFCD2, "40015a"));
        Assert.Equal("sent in the clear, though a key is configured", box.Last.Reason);
        Hear(box, "bthome", 5000, 90);
        _kept.CutPower(new(1));
        box = Box("bthome");
        Assert.Equal("refused", box.Hear(0xFCD2, "40015a"));
        Assert.Equal("sent in the clear, though a key is configured", box.Last.Reason);
    }

    [Fact]
    public void WithinASecond_ItIsHeld_AndComesWithTheNextWrite()
    {
        var box = Box("bthome");
        Assert.Equal("battery=90", Hear(box, "bthome", 1, 90));
        Assert.Equal("held", Hear(box, "bthome", 2, 89));
        Assert.Equal("held", Hear(box, "bthome", 2, 89));
        _kept.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("battery=89", Hear(box, "bthome", 2, 89));
        Assert.Equal("repeated", Hear(box, "bthome", 2, 89));
    }

    [Fact]
    public void ASensorThatCountsAllTheTime_IsBelievedAgain_WhenItHasCountedPastItsMark()
    {
        var box = Box("bthome");
        var counter = 1000u;
        for (var i = 0; i < 200; i++)
        {
            Hear(box, "bthome", counter++, 90);
            _kept.Time.Advance(TimeSpan.FromSeconds(2));
            CounterBook.Open(_kept.Context).Step();
        }

        _kept.CutPower(new(1));
        box = Box("bthome");
        Assert.Equal("refused", Hear(box, "bthome", counter++, 90));
        Assert.Contains("may have been heard before the power went", box.Last.Reason);
        var refused = 1;
        for (; Hear(box, "bthome", counter++, 90) == "refused"; refused++)
        {
            _kept.Time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.InRange(refused, 1, 31);
    }

    [Fact]
    public void ANewBattery_WhileTheGatewayWasOff_IsBelievedAfterTenMinutes_AndKept()
    {
        Hear(Box("bthome"), "bthome", 154_553, 1);
        _kept.CutPower(new(1));
        var box = Box("bthome");
        for (var counter = 148u; counter < 148 + 20; counter++)
        {
            Assert.Equal("refused", Hear(box, "bthome", counter, 100));
            _kept.Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.DoesNotContain("restart of the gateway", box.Last.Remedy);
        Assert.Equal("battery=100", Hear(box, "bthome", 168, 100));
        _kept.Time.Advance(TimeSpan.FromSeconds(2));
        CounterBook.Open(_kept.Context).Step();
        _kept.CutPower(new(1));
        box = Box("bthome");
        Assert.Equal("refused", Hear(box, "bthome", 150, 100));
        Assert.Equal("battery=99", Hear(box, "bthome", 169, 99));
    }

    [Fact]
    public void TheLongestSilence_IsKept_SoThatARestartGivesNobodyTenMinutes()
    {
        var box = Box("bthome");
        Hear(box, "bthome", 154_552, 1);
        _kept.Time.Advance(TimeSpan.FromHours(2));
        Hear(box, "bthome", 154_553, 1);
        CounterBook.Open(_kept.Context).Rest();
        _kept.CutPower(new(1));
        box = Box("bthome");
        Assert.Equal("refused", Hear(box, "bthome", 148, 100));
        Assert.Contains("after 360 minutes", box.Last.Remedy);
    }

    private DecoderHarness Box(string format) =>
        new(format, Key) { Time = _kept.Time, Counter = CounterBook.Open(_kept.Context).Of($"{format} {Address}", Convert.FromHexString(Key), TimeSpan.FromMinutes(1)) };

    private static string Hear(DecoderHarness box, string format, uint counter, int battery) => format == "bthome"
        ? box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, counter, $"01{battery:x2}"))
        : box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, counter, $"0a1001{battery:x2}"));
}
