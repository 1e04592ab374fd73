using Gateway.Adapters.Lora;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Lora;

/// <summary>How long packets take, what regions allow, and what an hour has left.</summary>
public class AirtimeTests
{
    [Theory]
    [InlineData(7, 125_000, 1, 8, 25, 61.696)]
    [InlineData(7, 125_000, 1, 8, 64, 118.016)]
    [InlineData(8, 125_000, 1, 8, 25, 113.152)]
    [InlineData(9, 125_000, 1, 8, 25, 205.824)]
    [InlineData(10, 125_000, 1, 8, 25, 411.648)]
    [InlineData(10, 125_000, 1, 8, 23, 370.688)]
    [InlineData(11, 125_000, 1, 8, 25, 823.296)]
    [InlineData(12, 125_000, 1, 8, 25, 1482.752)]
    [InlineData(12, 125_000, 1, 8, 64, 2793.472)]
    [InlineData(9, 125_000, 1, 12, 14, 181.248)]
    [InlineData(12, 500_000, 4, 8, 0, 165.888)]
    public void TimeOnAir_ByTheFormula(int spreadingFactor, int bandwidth, int codingRate, int preamble, int payload, double milliseconds) =>
        Assert.Equal(milliseconds, new LoraModulation(868_100_000, spreadingFactor, bandwidth, codingRate, preamble).TimeOnAir(payload).TotalMilliseconds, 3);

    [Theory]
    [InlineData("eu868", 868_100_000, 125_000, 14, 2.15, null)]
    [InlineData("eu868", 869_525_000, 125_000, 22, 2.15, null)]
    [InlineData("eu868", 868_100_000, 125_000, 22, 2.15, "write power: 14 ")]
    [InlineData("eu868", 868_100_000, 125_000, 14, 6, "write power: 10 ")]
    [InlineData("eu868", 868_650_000, 125_000, 14, 2.15, "choose within 863 to 865 MHz, 865 to 868 MHz")]
    [InlineData("eu868", 868_560_000, 125_000, 14, 2.15, "choose within")]
    [InlineData("us915", 868_100_000, 125_000, 14, 0, "choose within 902 to 928 MHz")]
    [InlineData("kr920", 921_000_000, 125_000, 14, 0, "write power: 10 ")]
    [InlineData("kr920", 922_100_000, 125_000, 14, 0, null)]
    public void Region_WhatIsNotAllowed_SaysWhatIs(string region, long frequency, int bandwidth, double power, double gain, string? expected)
    {
        var why = LoraRegion.Find(region)!.WhyNot(new(frequency, 9, bandwidth), (decimal)power, (decimal)gain);
        Assert.Equal(expected is null, why is null);
        Assert.Contains(expected ?? "", why?.Instead ?? "");
    }

    [Fact]
    public void Region_Dwell_HoldsForNarrowChannels()
    {
        var us = LoraRegion.Find("us915")!;
        Assert.Contains("allows 400 ms", us.WhyNot(new(915_000_000, 12, 125_000), 20, 0)!.Value.Wrong);
        Assert.Null(us.WhyNot(new(915_000_000, 12, 500_000), 20, 0));
        Assert.Null(us.WhyNot(new(915_000_000, 9, 125_000), 20, 0));
    }

    [Fact]
    public void DutyCycle_InAnyHour_IsNeverExceeded()
    {
        var time = new FakeTime();
        var budget = new DutyCycleBudget(0.01m, time);
        var packet = TimeSpan.FromMilliseconds(1482.752);
        var sent = new Queue<DateTimeOffset>();
        for (var step = 0; step < 20_000; step++)
        {
            if (budget.WaitFor(packet) == TimeSpan.Zero)
            {
                budget.Sent(packet);
                sent.Enqueue(time.GetUtcNow());
            }

            while (sent.Count > 0 && time.GetUtcNow() - sent.Peek() >= TimeSpan.FromHours(1))
            {
                sent.Dequeue();
            }

            Assert.True(sent.Count * packet <= TimeSpan.FromSeconds(36), $"{sent.Count} packets in the hour before {time.GetUtcNow():T}");
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(sent.Count >= 23);
    }

    [Fact]
    public void DutyCycle_WaitFor_IsExact()
    {
        var time = new FakeTime();
        var budget = new DutyCycleBudget(0.001m, time);
        Assert.Equal(TimeSpan.Zero, budget.WaitFor(TimeSpan.FromSeconds(3)));
        budget.Sent(TimeSpan.FromSeconds(3));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(TimeSpan.FromMinutes(50), budget.WaitFor(TimeSpan.FromSeconds(1)));
        Assert.Null(budget.WaitFor(TimeSpan.FromSeconds(4)));
        time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(TimeSpan.Zero, budget.WaitFor(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, budget.Used);
    }
}
