using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Which devices answer; tells every change once.</summary>
internal sealed class PresenceBoard(IReadOnlyList<ModbusUnit> units, IReadingSink sink)
{
    /// <summary>Devices that do not answer now. May be read by any thread.</summary>
    public int Offline => _offline;

    private volatile int _offline;

    public void Answered(ModbusUnit unit)
    {
        unit.Breaker.Succeeded();
        foreach (var device in unit.Devices)
        {
            if (device.Told is not { Online: true })
            {
                Tell(device, new(true));
            }
        }
    }

    /// <summary>A request to the unit failed. One failure is an accident, unless nothing has been told yet.</summary>
    public void Unanswered(ModbusUnit unit, string reason, string remedy, long now)
    {
        unit.Breaker.Failed(now, reason);
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
