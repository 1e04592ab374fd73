using System.Diagnostics.CodeAnalysis;

namespace Gateway.Adapters.Modbus;

/// <summary>Which block goes next: of those that are due, the one whose next slot comes first. Pure: knows timestamps, no clock.</summary>
/// <remarks>
/// A block is queued once at most, so a line that is too slow makes polls late and leaves some out; nothing piles up.
/// Slow blocks get their turn too: their deadline comes as surely as that of fast ones.
/// </remarks>
internal sealed class PollSchedule
{
    private readonly PriorityQueue<PollBlock, (long At, long Order)> _waiting = new();
    private readonly PriorityQueue<PollBlock, (long At, long Order)> _ready = new();
    private long _order;

    /// <summary>Timestamp at which the next block is due; <see cref="long.MaxValue"/> if none is waiting.</summary>
    public long NextDue => _waiting.TryPeek(out _, out var due) ? due.At : long.MaxValue;

    /// <summary>A block enters, with its first slot.</summary>
    public void Add(PollBlock block, long due)
    {
        block.Due = due;
        block.Deadline = due + block.Every;
        _waiting.Enqueue(block, (due, _order++));
    }

    /// <summary>The most urgent block that is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out PollBlock? block)
    {
        while (_waiting.TryPeek(out block, out var due) && due.At <= now)
        {
            _waiting.Dequeue();
            if (!block.IsRetired)
            {
                block.Device.Ready++;
                _ready.Enqueue(block, (block.Deadline, due.Order));
            }
        }

        while (_ready.TryDequeue(out block, out _))
        {
            if (!block.IsRetired)
            {
                return true;
            }

            block.Device.Ready--;
        }

        return false;
    }

    /// <summary>A taken block has been reported: it waits for its next slot.</summary>
    /// <returns>Slots that had passed meanwhile and are left out.</returns>
    public long Done(PollBlock block, long now)
    {
        block.Device.Ready--;
        if (block.IsRetired)
        {
            return 0;
        }

        var missed = Math.Max(0, (now - block.Deadline) / block.Every);
        Add(block, block.Deadline + (missed * block.Every));
        return missed;
    }

    /// <summary>A taken block is to be tried again in the same slot.</summary>
    public void Again(PollBlock block, long at)
    {
        block.Device.Ready--;
        _waiting.Enqueue(block, (at, _order++));
    }

    /// <summary>Another block takes over the slot of one that was taken.</summary>
    public void TakeOver(PollBlock taken, PollBlock by)
    {
        by.Due = taken.Due;
        by.Deadline = taken.Deadline;
        by.Device.Ready++;
        _ready.Enqueue(by, (by.Deadline, _order++));
    }
}
