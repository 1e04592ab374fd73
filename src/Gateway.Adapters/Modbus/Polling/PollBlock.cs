namespace Gateway.Adapters.Modbus;

/// <summary>One planned read at work: when it is due, and how its bytes become readings.</summary>
internal sealed class PollBlock(DeviceRun device, PlannedRead read, long every)
{
    public DeviceRun Device { get; } = device;

    public PlannedRead Read { get; } = read;

    /// <summary>Interval, in timestamp ticks.</summary>
    public long Every { get; } = every;

    public BlockPoint[] Points { get; } = BlockPoint.Of(read);

    /// <summary>Timestamp of its slot. Slots are multiples of the interval from the first one: nothing drifts.</summary>
    public long Due { get; set; }

    /// <summary>Timestamp of the slot after; the earliest goes first.</summary>
    public long Deadline { get; set; }

    /// <summary>Replaced by other blocks; forgotten when it comes up.</summary>
    public bool IsRetired { get; set; }

    /// <summary>The search for a hole that it is part of.</summary>
    public BlockSplit? Split { get; set; }

    /// <summary>Answers "busy" in a row, in this slot.</summary>
    public int Busy { get; set; }

    /// <summary>Was sent once more in this slot because the connection turned out to be closed.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>Timestamp ticks that its polls lately held the line for, on average; null: not asked yet.</summary>
    public double? Cost { get; set; }

    /// <summary>Part of a slot that is still to be left out on an overloaded line.</summary>
    public double Owed { get; set; }

    /// <summary>The poll cycle in which it was last reported.</summary>
    public int ReportedIn { get; set; }
}

/// <summary>A read that was refused, while its parts show which points are to blame.</summary>
internal sealed class BlockSplit
{
    /// <summary>Parts that have neither answered nor come down to one point.</summary>
    public int Open { get; set; }

    public bool HasFound { get; set; }

    /// <summary>Those that have, by address.</summary>
    public List<PollBlock> Parts { get; } = [];
}
