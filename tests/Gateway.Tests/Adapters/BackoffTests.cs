using Gateway.Adapters;

namespace Gateway.Tests.Adapters;

public class BackoffTests
{
    [Fact]
    public void Next_AfterAGoodTime_IsAtOnceThenDoublesWithJitterUpToTheLongest()
    {
        var backoff = new Backoff(new Random(1), Backoff.Longest);
        Assert.Equal(TimeSpan.Zero, backoff.Next());
        var whole = Backoff.First;
        for (var i = 0; i < 40; i++)
        {
            Assert.InRange(backoff.Next(), whole / 2, whole);
            whole = whole * 2 < Backoff.Longest ? whole * 2 : Backoff.Longest;
        }

        backoff.Reset();
        Assert.Equal(TimeSpan.Zero, backoff.Next());
    }
}
