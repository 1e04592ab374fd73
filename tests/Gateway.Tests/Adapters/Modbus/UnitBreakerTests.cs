using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

public class UnitBreakerTests
{
    private readonly UnitBreaker _breaker = new(threshold: 3, first: 10, longest: 40);

    [Fact]
    public void Failed_FewerThanTheThreshold_GoesOnAsking()
    {
        _breaker.Failed(0, "timeout");
        _breaker.Failed(0, "timeout");
        Assert.False(_breaker.IsOpen);
        Assert.True(_breaker.MayAsk(0));
    }

    [Fact]
    public void Failed_AtTheThreshold_ProbesEverMoreRarely()
    {
        for (var i = 0; i < 3; i++)
        {
            _breaker.Failed(0, "timeout");
        }

        Assert.True(_breaker.IsOpen);
        long now = 0;
        foreach (var pause in (long[])[10, 20, 40, 40])
        {
            Assert.False(_breaker.MayAsk(now + pause - 1));
            now += pause;
            Assert.True(_breaker.MayAsk(now));
            _breaker.Failed(now, "timeout");
        }
    }

    [Fact]
    public void Succeeded_AfterProbe_AsksAtOnceAgain()
    {
        for (var i = 0; i < 5; i++)
        {
            _breaker.Failed(0, "timeout");
        }

        _breaker.Succeeded();
        Assert.False(_breaker.IsOpen);
        Assert.True(_breaker.MayAsk(0));
        Assert.Null(_breaker.Reason);
    }

    [Fact]
    public void Failed_WhileOthersAreAwayToo_ProbesNoSoonerThanTold()
    {
        for (var i = 0; i < 3; i++)
        {
            _breaker.Failed(0, "timeout", atLeast: 500);
        }

        Assert.False(_breaker.MayAsk(499));
        Assert.True(_breaker.MayAsk(500));
    }

    [Fact]
    public void MayWrite_WhileOpen_OnceInTheFirstPause()
    {
        for (var i = 0; i < 5; i++)
        {
            _breaker.Failed(100, "timeout");
        }

        Assert.False(_breaker.MayWrite(109));
        Assert.True(_breaker.MayWrite(110));
        Assert.False(_breaker.MayAsk(110));
    }
}
