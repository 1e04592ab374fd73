namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>What was recorded is not believed again; a sensor with a new battery is, after a while.</summary>
public sealed class ReplayTests
{
    private const string Key = "231d39c1d7cc1ab1aee224cd096db932";
    private const string Address = "54:48:E6:8F:80:A5";

    [Fact]
    public void BtHome_PublishedCounters_GrowRepeatAndGoBack()
    {
        var box = new DecoderHarness("bthome", Key);
        Assert.Equal("temperature=25.06, humidity=50.55", box.Hear(0xFCD2, "41e445f3c9962b332211006c7c4519"));
        Assert.Equal("repeated", box.Hear(0xFCD2, "41e445f3c9962b332211006c7c4519"));
        Assert.Equal("temperature=25.06, humidity=50.55", box.Hear(0xFCD2, "413e932cc7175f34221100553876af"));
        Assert.Equal("refused", box.Hear(0xFCD2, "41723d3035fb88322211009e7414c0"));
        Assert.Contains("counter 1122866 is not newer than 1122868", box.Last.Reason);
        Assert.Contains("battery", box.Last.Remedy);
    }

    [Fact]
    public void BtHome_AfterTheLastCounter_TheFirstIsNewer()
    {
        var box = new DecoderHarness("bthome", Key);
        Assert.Equal("temperature=25.07, humidity=50.55", box.Hear(0xFCD2, "41ba0db07aeef6ffffffff21fd4600"));
        Assert.Equal("temperature=25.07, humidity=50.55", box.Hear(0xFCD2, "41de40b50e676600000000d7cb95de"));
    }

    [Fact]
    public void ASmallCounter_IsNoPassForOldRecordings()
    {
        var box = new DecoderHarness("bthome", Key);
        Assert.Equal("battery=90", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 5000, "015a")));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 3, "0164")));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 4000, "0164")));
        Assert.Equal("battery=89", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 5001, "0159")));
    }

    [Fact]
    public void OlderCounters_ThatGrowAloneForTenMinutes_AreASensorThatStartedAnew()
    {
        var box = new DecoderHarness("bthome", Key);
        Assert.Equal("battery=1", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_553, "0101")));
        for (var counter = 148u; counter < 148 + 20; counter++)
        {
            Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, counter, "0164")));
            box.Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal("battery=100", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 168, "0164")));
        Assert.Equal("battery=99", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 169, "0163")));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 150, "0164")));
    }

    [Theory]
    [InlineData(154_554u, 170u, "refused")] // the sensor itself was heard in between
    [InlineData(100u, 101u, "refused")] // the recording began again
    public void OlderCounters_ThatAreNotAlone_StayRefused(uint between, uint after, string expected)
    {
        var box = new DecoderHarness("bthome", Key);
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_553, "0101"));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 148, "0164")));
        box.Time.Advance(TimeSpan.FromMinutes(9));
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, between, "0102"));
        box.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(expected, box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, after, "0164")));
    }

    [Fact]
    public void ASensorThatIsOftenQuiet_MustBeHeardForLonger()
    {
        var box = new DecoderHarness("bthome", Key);
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_552, "3a01"));
        box.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_553, "3a01")));
        box.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 148, "3a01")));
        Assert.Contains("after 360 minutes", box.Last.Remedy);
        box.Time.Advance(TimeSpan.FromHours(5));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 149, "3a01")));
        box.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 150, "3a01")));
    }

    [Fact]
    public void AfterWeeksOfQuiet_ADayIsEnough()
    {
        var box = new DecoderHarness("bthome", Key);
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_552, "3a01"));
        box.Time.Advance(TimeSpan.FromDays(20));
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_553, "3a01"));
        Assert.Equal("refused", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 148, "3a01")));
        box.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("button=\"press\"", box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 150, "3a01")));
    }

    [Theory]
    [InlineData(154_553u)] // the counter that was accepted, with other content
    [InlineData(148u)]
    public void TheSameOldMessage_OverAndOver_BecomesBelievedByNobody(uint counter)
    {
        var box = new DecoderHarness("bthome", Key);
        box.Hear(0xFCD2, SealedMessage.BtHome(Key, Address, 154_553, "0101"));
        var changed = SealedMessage.BtHome(Key, Address, counter, "0164");
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal("refused", box.Hear(0xFCD2, changed));
            box.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void MiBeacon_BothCountersAreOne()
    {
        var box = new DecoderHarness("mibeacon", Key);
        Assert.Equal("battery=90", box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 0x0001_00FF, "0a10015a")));
        Assert.Equal("battery=89", box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 0x0001_0100, "0a100159")));
        Assert.Equal("repeated", box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 0x0001_0100, "0a100159")));
        Assert.Equal("refused", box.Hear(0xFE95, SealedMessage.MiBeacon(Key, Address, 0x055B, 0x0001_00FF, "0a10015a")));
    }

    [Fact]
    public void Pvvx_WithOneByteOfCounter_TellsCopiesAndTheLastMinutes()
    {
        var box = new DecoderHarness("atc", Key);
        const string Payload = "2909cd103d0d";
        Assert.Equal("temperature=23.45, humidity=43.01, battery=61", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 250, Payload)));
        Assert.Equal("repeated", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 250, Payload)));
        Assert.Equal("refused", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 240, Payload)));
        Assert.StartsWith("temperature", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 3, Payload)), StringComparison.Ordinal);
        box.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.StartsWith("temperature", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 240, Payload)), StringComparison.Ordinal);
    }

    [Fact]
    public void Pvvx_EncryptedAtc_IsToldByItsLength()
    {
        var box = new DecoderHarness("atc", Key);
        Assert.Equal("temperature=21.5, humidity=45.5, battery=77", box.Hear(0x181A, SealedMessage.Pvvx(Key, Address, 1, "7b5bcd")));
    }
}
