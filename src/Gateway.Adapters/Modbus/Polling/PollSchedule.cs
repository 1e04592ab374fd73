using System.Diagnostics.CodeAnalysis;

namespace Gateway.Adapters.Modbus;

/// <summary>Which block goes next: of those that are due, the one whose next slot comes first. Pure: knows timestamps, no clock.</summary>
/// <remarks>
/// A block is queued once at most, so a line that is too slow makes polls late and leaves some out; nothing piles up.
/// Slow blocks get their turn too: their deadline comes as surely as that of fast ones. As long as the line can carry all,
/// every block keeps its interval; when it cannot, intervals are stretched, all by the same factor, and the polls left over come in their slots.
/// </remarks>
internal sealed class PollSchedule
{
    private readonly PriorityQueue<PollBlock, (long At, long Order)> _waiting = new();
    private readonly PriorityQueue<PollBlock, (long At, long Order)> _ready = new();
    private long _order;

    /// <summary>Timestamp at which the next block is due; <see cref="long.MaxValue"/> if none is waiting.</summary>
    public long NextDue => _waiting.TryPeek(out _, out var due) ? due.At : long.MaxValue;

    /// <summary>A block enters.</summary>
    /// <param name="block">The block.</param>
    /// <param name="due">Its first slot.</param>
    /// <param name="next">The slot after; from there on they are its interval apart.</param>
    public void Add(PollBlock block, long due, long next)
    {
        block.Due = due;
        block.Deadline = next;
        _waiting.Enqueue(block, (due, _order++));
    }

    /// <summary>The most urgent block that is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out PollBlock? block)
    {
        if (TryPeek(now, out block))
        {
            _ready.Dequeue();
            return true;
        }

        return false;
    }

    /// <summary>A block still waits though its next slot has come.</summary>
    public bool IsLate(long now) => TryPeek(now, out var block) && block.Deadline <= now;

    private bool TryPeek(long now, [NotNullWhen(true)] out PollBlock? block)
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

        while (_ready.TryPeek(out block, out _))
        {
            if (!block.IsRetired)
            {
                return true;
            }

            _ready.Dequeue();
            block.Device.Ready--;
        }

        return false;
    }

    /// <summary>A taken block has been reported: it waits for its next slot.</summary>
    /// <param name="block">The block.</param>
    /// <param name="now">Timestamp.</param>
    /// <param name="stretch">Intervals to the next slot, on average; 1 unless the line is overloaded.</param>
    /// <returns>Slots that are left out: they had passed meanwhile, or were stretched away.</returns>
    public long Done(PollBlock block, long now, double stretch = 1)
    {
        block.Device.Ready--;
        if (block.IsRetired)
        {
            return 0;
        }

        var missed = Math.Max(0, (now - block.Deadline) / block.Every);
        block.Owed = Math.Max(0, block.Owed + stretch - 1 - missed);
        var whole = (long)block.Owed;
        block.Owed -= whole;
        missed += whole;
        var due = block.Deadline + (missed * block.Every);
        Add(block, due, due + block.Every);
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
