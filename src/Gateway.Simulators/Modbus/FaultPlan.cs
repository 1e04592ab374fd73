using System.Collections.Concurrent;

namespace Gateway.Simulators;

/// <summary>Which requests go wrong, and how. May be changed while the device is asked.</summary>
public sealed class FaultPlan
{
    private readonly ConcurrentQueue<Fault> _next = new();
    private readonly ConcurrentDictionary<byte, Fault> _units = new();
    private (double Share, IReadOnlyList<Fault> Faults, Random Random)? _sometimes;

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

    /// <summary>Some of all requests go wrong, each in one of these ways.</summary>
    /// <param name="share">From 0, none, to 1, all.</param>
    /// <param name="faults">The ways, at least one.</param>
    /// <param name="random">Chooses.</param>
    public void Sometimes(double share, IReadOnlyList<Fault> faults, Random random) => _sometimes = (share, faults, random);

    internal Fault? For(byte unit) => _next.TryDequeue(out var fault) || _units.TryGetValue(unit, out fault) ? fault : Chance();

    private Fault? Chance()
    {
        if (_sometimes is not { } some)
        {
            return null;
        }

        lock (some.Random)
        {
            return some.Random.NextDouble() < some.Share ? some.Faults[some.Random.Next(some.Faults.Count)] : null;
        }
    }
}
