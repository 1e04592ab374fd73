using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>What every Modbus line has, whatever carries it.</summary>
public abstract record ModbusLinkOptions(string Id, string Type, SourcePosition Position) : LinkOptions(Id, Type, Position)
{
    /// <summary>500 ms: ten times what a slow PLC takes, and short enough that a dead unit does not hold the line.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>32: the round trip of one more request costs more than 64 bytes carried along.</summary>
    public const int DefaultMaxGap = 32;

    /// <summary>3: one lost answer is an accident, three are a state.</summary>
    public const int DefaultDegradeAfter = 3;

    /// <summary>10 s: a unit that comes back is seen soon, and at the default timeout a dead one takes 5 % of the line.</summary>
    public static readonly TimeSpan DefaultProbeEvery = TimeSpan.FromSeconds(10);

    /// <summary>4: a read must hold the widest value, 64 bits.</summary>
    public const int SmallestMaxRegisters = 4;

    /// <summary>200 ms: the upper end of what the standard calls typical (Modbus over Serial Line V1.02 §2.4.1).</summary>
    public static readonly TimeSpan DefaultTurnaroundDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Total deadline of one transaction.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>Silence between a response and the next request, for devices that need to breathe.</summary>
    public TimeSpan DelayBetweenRequests { get; init; }

    /// <summary>Silence after a write to everybody, in which every unit acts on it.</summary>
    public TimeSpan TurnaroundDelay { get; init; } = DefaultTurnaroundDelay;

    /// <summary>5: more only takes the line away from others.</summary>
    public const int MaxRetries = 5;

    /// <summary>0: the next poll is soon, and every repetition of a dead unit's takes a timeout from the others.</summary>
    public const int DefaultReadRetries = 0;

    /// <summary>Of serial lines, also behind device servers: whether what is sent comes back.</summary>
    public EchoMode Echo { get; init; }

    /// <summary>How often a read without a good answer is repeated at once.</summary>
    public int ReadRetries { get; init; } = DefaultReadRetries;

    /// <summary>How often a write without an answer is sent again; only for devices where twice is as good as once.</summary>
    public int WriteRetries { get; init; }

    /// <summary>How large a read may be.</summary>
    public PlanLimits Limits { get; init; } = new(ModbusLimits.ReadRegisters, ModbusLimits.ReadBits, DefaultMaxGap);

    /// <summary>Unanswered requests in a row after which a unit is offline and only probed.</summary>
    public int DegradeAfter { get; init; } = DefaultDegradeAfter;

    /// <summary>Longest pause between two probes of an offline unit.</summary>
    public TimeSpan ProbeEvery { get; init; } = DefaultProbeEvery;

    /// <summary>Frames go over a serial line as they are: units are 1 to 247, and 0 is everybody (Modbus over Serial Line V1.02 §2.2).</summary>
    public virtual bool IsSerialLine => false;

    /// <summary>Unit 0 is everybody, and nobody answers.</summary>
    public virtual bool HasBroadcast => IsSerialLine;

    /// <summary>Longest pause between two tries to open the line.</summary>
    public virtual TimeSpan LongestRetry => Backoff.Longest;
}
