using Gateway.Adapters.Modbus;

namespace Gateway.Tests.Adapters.Modbus;

public class PollScheduleTests
{
    private readonly PollSchedule _schedule = new();
    private readonly DeviceRun _device = new(TestMap.Device(TestMap.Link(1), "device", 1), new(1, new(3, 1, 10)), new(125, 2000, 0));

    private PollBlock Block(int address, long every, long due = 0)
    {
        var block = new PollBlock(_device, PollPlanner.Plan([TestMap.Holding(address)], new(125, 2000, 0))[0], every);
        _schedule.Add(block, due, due + every);
        return block;
    }

    [Fact]
    public void TryTake_SeveralDue_GivesTheEarliestDeadline()
    {
        var slow = Block(0, every: 1000);
        var fast = Block(1, every: 10);
        Assert.True(_schedule.TryTake(0, out var first));
        Assert.True(_schedule.TryTake(0, out var second));
        Assert.Same(fast, first);
        Assert.Same(slow, second);
        Assert.False(_schedule.TryTake(0, out _));
    }

    [Fact]
    public void Done_PollsThatTakeTime_DoNotDrift()
    {
        var block = Block(0, every: 100);
        for (var slot = 0; slot < 1000; slot++)
        {
            Assert.Equal(slot * 100L, _schedule.NextDue);
            Assert.True(_schedule.TryTake((slot * 100) + 7, out _));
            Assert.Equal(0, _schedule.Done(block, (slot * 100) + 93));
        }
    }

    [Fact]
    public void Done_SlotsHavePassed_LeavesThemOutAndKeepsThePhase()
    {
        var block = Block(0, every: 100, due: 5);
        Assert.True(_schedule.TryTake(5, out _));
        Assert.Equal(3, _schedule.Done(block, 437));
        Assert.Equal(405, _schedule.NextDue);
    }

    [Fact]
    public void Done_Stretched_LeavesOutSlotsEvenlyAndStaysOnTheGrid()
    {
        var block = Block(0, every: 100);
        var slots = new List<long>();
        long missed = 0;
        for (var i = 0; i < 100; i++)
        {
            var now = _schedule.NextDue;
            Assert.True(_schedule.TryTake(now, out _));
            slots.Add(now);
            missed += _schedule.Done(block, now + 1, stretch: 1.25);
        }

        Assert.Equal(25, missed);
        Assert.All(slots, s => Assert.Equal(0, s % 100));
        Assert.All(slots.Zip(slots.Skip(1), (a, b) => b - a), step => Assert.InRange(step, 100, 200));
    }

    [Fact]
    public void IsLate_OnlyWhenABlockWaitsBeyondItsNextSlot()
    {
        Block(0, every: 100, due: 50);
        Assert.False(_schedule.IsLate(149));
        Assert.True(_schedule.IsLate(150));
        Assert.True(_schedule.TryTake(150, out _));
        Assert.False(_schedule.IsLate(1000));
    }

    [Fact]
    public void TryTake_LineTooSlowForAll_ServesEveryBlock()
    {
        // Each poll takes 10; the fast ones alone would fill the line twice over.
        PollBlock[] blocks = [Block(0, 10), Block(1, 10), Block(2, 200), Block(3, 1000)];
        var polls = new Dictionary<PollBlock, int>();
        for (long now = 0; now < 10_000; now += 10)
        {
            Assert.True(_schedule.TryTake(now, out var block));
            polls[block] = polls.GetValueOrDefault(block) + 1;
            _schedule.Done(block, now + 10);
        }

        Assert.InRange(polls[blocks[3]], 9, 11);
        Assert.InRange(polls[blocks[2]], 45, 51);
        Assert.True(Math.Abs(polls[blocks[0]] - polls[blocks[1]]) <= 1);
    }

    [Fact]
    public void TryTake_RetiredBlock_IsForgotten()
    {
        Block(0, every: 10).IsRetired = true;
        Assert.False(_schedule.TryTake(100, out _));
        Assert.Equal(0, _device.Ready);
    }
}
