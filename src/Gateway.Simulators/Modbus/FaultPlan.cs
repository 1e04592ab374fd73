using System.Collections.Concurrent;

namespace Gateway.Simulators;

/// <summary>Which requests go wrong, and how. May be changed while the device is asked.</summary>
public sealed class FaultPlan
{
    private readonly ConcurrentQueue<Fault> _next = new();
    private readonly ConcurrentDictionary<byte, Fault> _units = new();

    /// <summary>The next requests go wrong in this order, one each.</summary>
    public void Next(params ReadOnlySpan<Fault> faults)
    {
        foreach (var fault in faults)
        {
            _next.Enqueue(fault);
        }
    }

    /// <summary>All requests to this unit go wrong, until null is set.</summary>
    public void Always(byte unit, Fault? fault)
    {
        if (fault is null)
        {
            _units.TryRemove(unit, out _);
        }
        else
        {
            _units[unit] = fault;
        }
    }

    internal Fault? For(byte unit) => _next.TryDequeue(out var fault) || _units.TryGetValue(unit, out fault) ? fault : null;
}
