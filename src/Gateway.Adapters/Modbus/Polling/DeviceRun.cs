using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>One unit identifier on the line; several configured devices may share it.</summary>
internal sealed class ModbusUnit(byte id, UnitBreaker breaker)
{
    public byte Id { get; } = id;

    public UnitBreaker Breaker { get; } = breaker;

    public List<DeviceRun> Devices { get; } = [];
}

/// <summary>One configured device at work. Belongs to the task that owns the line.</summary>
/// <param name="options">The device.</param>
/// <param name="unit">The unit that it is in.</param>
/// <param name="limits">How large its reads may be.</param>
internal sealed class DeviceRun(DeviceOptions options, ModbusUnit unit, PlanLimits limits)
{
    public DeviceOptions Options { get; } = options;

    public ModbusUnit Unit { get; } = unit;

    public PlanLimits Limits { get; } = limits;

    /// <summary>Its polls in force.</summary>
    public List<PollBlock> Blocks { get; } = [];

    /// <summary>Points that it refused on their own, and when to ask again.</summary>
    public Dictionary<PointOptions, Hole> Holes { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Points before which a read must end, though each of its parts may be read.</summary>
    public HashSet<PointOptions> Cuts { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What was last told; null: nothing yet.</summary>
    public DeviceState? Told { get; set; }

    /// <summary>Polls that are due and not reported.</summary>
    public int Ready { get; set; }

    /// <summary>Number of the poll cycle.</summary>
    public int Cycle { get; set; } = 1;

    /// <summary>Nothing is polled and nothing has been told; what was learned of it is kept.</summary>
    public void Begin()
    {
        Blocks.Clear();
        Told = null;
        Ready = 0;
    }
}

/// <param name="AskAgainAt">Timestamp.</param>
/// <param name="Reason">What the device said.</param>
internal sealed record Hole(long AskAgainAt, string Reason);
