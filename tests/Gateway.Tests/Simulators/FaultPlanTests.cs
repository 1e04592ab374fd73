using Gateway.Simulators;
using Gateway.Tests.Support;

namespace Gateway.Tests.Simulators;

/// <summary>Which requests go wrong by the rules of a plan.</summary>
public sealed class FaultPlanTests
{
    private static readonly Fault s_silent = new(FaultKind.Silence);
    private static readonly Fault s_half = new(FaultKind.Half);

    private readonly FakeTime _time = new();
    private readonly FaultPlan _plan = new();

    [Fact]
    public void Rule_OfOneUnit_LeavesOthersAlone()
    {
        Follow(new FaultRule([s_silent]) { Unit = 7 });
        Assert.Equal([null, s_silent, null], new byte[] { 6, 7, 8 }.Select(_plan.For));
    }

    [Fact]
    public void Rule_OfEachThird_CountsAndItsFaultsTakeTurns()
    {
        Follow(new FaultRule([s_silent, s_half]) { EveryNth = 3 });
        Assert.Equal([null, null, s_silent, null, null, s_half, null, null, s_silent], Enumerable.Range(0, 9).Select(_ => _plan.For(1)));
    }

    [Fact]
    public void Rule_OfAWindowThatComesAgain_HoldsWithinIt()
    {
        Follow(new FaultRule([s_silent]) { From = TimeSpan.FromSeconds(10), Until = TimeSpan.FromSeconds(20), Repeat = TimeSpan.FromSeconds(60) });
        var seconds = new List<int>();
        for (var second = 0; second < 120; second++)
        {
            if (_plan.For(1) is not null)
            {
                seconds.Add(second);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([.. Enumerable.Range(10, 10), .. Enumerable.Range(70, 10)], seconds);
    }

    [Fact]
    public void Rules_ThatHitTheSameRequest_TheFirstCountsAndTheOtherKeepsItsTurn()
    {
        Follow(new FaultRule([s_silent]) { EveryNth = 2 }, new FaultRule([s_half]) { EveryNth = 3 });
        Assert.Equal([null, s_silent, s_half, s_silent, null, s_silent], Enumerable.Range(0, 6).Select(_ => _plan.For(1)));
    }

    [Fact]
    public void Rules_AreReplacedByOthers()
    {
        Follow(new FaultRule([s_silent]));
        Follow();
        Assert.Null(_plan.For(1));
    }

    private void Follow(params FaultRule[] rules) => _plan.Follow(rules, _time, new Random(1));
}
