using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Which devices answer; tells every change once.</summary>
/// <param name="units">All units of the line.</param>
/// <param name="probeCost">What a probe without an answer costs the line, in timestamp ticks.</param>
/// <param name="sink">Is told.</param>
internal sealed class PresenceBoard(IReadOnlyList<ModbusUnit> units, long probeCost, IReadingSink sink)
{
    /// <summary>10: all units that are away together take a tenth of the line, be they one or thirty.</summary>
    public const int ProbeShare = 10;

    /// <summary>Devices that do not answer now. May be read by any thread.</summary>
    public int Offline => _offline;

    private volatile int _offline;

    public void Answered(ModbusUnit unit)
    {
        var wasAway = unit.Breaker.IsOpen;
        unit.Breaker.Succeeded();
        foreach (var device in unit.Devices)
        {
            if (device.Told is not { Online: true })
            {
                Tell(device, new(true));
            }
        }

        if (wasAway)
        {
            ProbeNext();
        }
    }

    /// <summary>A request to the unit failed. One failure is an accident, unless nothing has been told yet.</summary>
    public void Unanswered(ModbusUnit unit, string reason, string remedy, long now)
    {
        unit.Breaker.Failed(now, reason, OthersAway(unit) * ProbeShare * probeCost);
        foreach (var device in unit.Devices)
        {
            if (unit.Breaker.IsOpen || device.Told is null)
            {
                Tell(device, new(false, reason, remedy));
            }
        }
    }

    /// <summary>Nobody can be asked; when the line is up again everybody is, at once.</summary>
    public void LineDown(LineFault fault)
    {
        foreach (var unit in units)
        {
            unit.Breaker.AskNow();
            foreach (var device in unit.Devices)
            {
                Tell(device, new(false, fault.Reason, fault.Remedy));
            }
        }
    }

    private int OthersAway(ModbusUnit unit)
    {
        var away = 0;
        foreach (var other in units)
        {
            away += other != unit && other.Breaker.IsOpen ? 1 : 0;
        }

        return away;
    }

    /// <summary>Units that went together, as on a branch without power, come back together: the next is asked at once, and so on while they answer.</summary>
    private void ProbeNext()
    {
        ModbusUnit? next = null;
        foreach (var unit in units)
        {
            if (unit.Breaker.IsOpen && (next is null || unit.Breaker.ProbeAt < next.Breaker.ProbeAt))
            {
                next = unit;
            }
        }

        next?.Breaker.AskNow();
    }

    private void Tell(DeviceRun device, DeviceState state)
    {
        if (device.Told == state)
        {
            return;
        }

        var flips = device.Told?.Online != state.Online;
        if (flips)
        {
            _offline += state.Online ? (device.Told is null ? 0 : -1) : 1;
        }

        device.Told = state;
        sink.DeviceChanged(device.Options, state);
    }
}
