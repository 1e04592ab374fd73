using Gateway.Storage;
using Gateway.Tests.Bridge;

namespace Gateway.Tests.Storage;

internal sealed class MemoryBox : OutboxBox
{
    private readonly MemoryOutbox _outbox;

    public MemoryBox()
    {
        _outbox = new MemoryOutbox(Time) { CommitWindow = CommitWindow, EntryLimit = JournalHarness.SmallSegment / 4 };
        Durability = new DurabilityProbe(_outbox.Durability);
    }

    public override IOutbox Outbox => _outbox;

    public override DurabilityProbe Durability { get; }

    public override Task ReopenAsync()
    {
        _outbox.Restart(forgetAges: false);
        return Task.CompletedTask;
    }

    public override Task RebootAsync(TimeSpan off, bool trusted)
    {
        Time.Advance(off);
        _outbox.Restart(forgetAges: !trusted);
        return Task.CompletedTask;
    }

    public override Task SettleAsync()
    {
        _outbox.Tick();
        return Task.CompletedTask;
    }

    public override ulong Counted(Lane lane, GapReason reason) => _outbox[IdOf(lane)].Dropped(reason);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
