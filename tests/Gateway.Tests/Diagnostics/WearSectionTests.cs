using Gateway.Diagnostics;
using Gateway.Machine;
using Gateway.Storage;

namespace Gateway.Tests.Diagnostics;

public sealed class WearSectionTests
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    [Theory]
    [InlineData(0.5, 35_200_000, null, "35.2 MB written since the start, 30 min; a forecast after the first hour")]
    [InlineData(0.01, 25_000_000, null, "25 MB written since the start, less than a minute; a forecast after the first hour")]
    [InlineData(2, 150_000_000, null, "1.8 GB written a day, 657.5 GB a year, 3.0 bytes per byte of messages (since the start, 2 h)")]
    [InlineData(2, 150_000_000, 20L << 40, "1.8 GB written a day, 657.5 GB a year, 3.0 bytes per byte of messages (since the start, 2 h); at this pace the card lasts about 33 years")]
    [InlineData(24.5, 10_208_333_333, 4L << 40, "10 GB written a day, 3.7 TB a year, 3.0 bytes per byte of messages (last 24 h); at this pace the card lasts about 14 months")]
    [InlineData(24.5, 1_000, 1L << 40, "979.6 B written a day, 357.8 kB a year, 3.0 bytes per byte of messages (last 24 h); at this pace the card lasts more than 100 years")]
    [InlineData(24.5, 0, 1L << 40, "0 B written a day, 0 B a year (last 24 h)")]
    public void Of_Figures_SaysThemToPeople(double hours, long written, long? endurance, string text)
    {
        var window = TimeSpan.FromHours(hours);
        var wear = WearSection.Of(new WearFigures(window > s_day ? 3 * s_day : window, window, written, written / 3, written, written / 3), endurance, null);
        Assert.Equal(text, wear.Text);
        Assert.Equal(text.Contains("months", StringComparison.Ordinal), wear.Remedy is not null);
        Assert.Equal((written, endurance), (wear.Written, wear.Endurance));
    }

    [Fact]
    public void Of_CardThatTells_IsToldToo()
    {
        var wear = WearSection.Of(new WearFigures(s_day, s_day, 1_000_000, 0, 1_000_000, 0), null, new CardLife("mmcblk0", 30));
        Assert.Equal("1 MB written a day, 365.3 MB a year (since the start, 24 h); mmcblk0 says of itself that 20 to 30 % of its life are used", wear.Text);
        Assert.Equal((30, null, null), (wear.LifeUsedPercent, wear.Ratio, wear.Years));
    }
}
