using System.Collections.Concurrent;

namespace Gateway.Simulators;

/// <summary>Which requests go wrong, and how. May be changed while the device is asked.</summary>
public sealed class FaultPlan
{
    private readonly ConcurrentQueue<Fault> _next = new();
    private readonly ConcurrentDictionary<byte, Fault> _units = new();
    private volatile RuleBook? _rules;

    /// <summary>Faults of <see cref="Next"/> that no request has met yet.</summary>
    public int Waiting => _next.Count;

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

    /// <summary>From now on requests go wrong by these rules; of several that hit, the first one counts.</summary>
    /// <param name="rules">The rules, which take the place of earlier ones.</param>
    /// <param name="time">For their windows.</param>
    /// <param name="random">Chooses.</param>
    public void Follow(IReadOnlyList<FaultRule> rules, TimeProvider time, Random random) => _rules = new(rules, time, random);

    internal Fault? For(byte unit) => _next.TryDequeue(out var fault) || _units.TryGetValue(unit, out fault) ? fault : _rules?.For(unit);

    /// <summary>The rules at work: how many requests each has seen.</summary>
    private sealed class RuleBook(IReadOnlyList<FaultRule> rules, TimeProvider time, Random random)
    {
        private readonly Lock _lock = new();
        private readonly long _start = time.GetTimestamp();
        private readonly long[] _seen = new long[rules.Count];

        public Fault? For(byte unit)
        {
            var elapsed = time.GetElapsedTime(_start);
            lock (_lock)
            {
                Fault? met = null;
                for (var i = 0; i < rules.Count; i++)
                {
                    // Rules count what they are about, also when an earlier one hits: one rule does not shift another.
                    met = rules[i].IsAbout(unit, elapsed) && Hits(i) is { } fault ? met ?? fault : met;
                }

                return met;
            }
        }

        private Fault? Hits(int index)
        {
            var rule = rules[index];
            var (turn, rest) = Math.DivRem(++_seen[index], rule.EveryNth);
            return rest != 0 || random.NextDouble() >= rule.Share ? null
                : rule.Faults[rule.EveryNth > 1 ? (int)((turn - 1) % rule.Faults.Count) : random.Next(rule.Faults.Count)];
        }
    }
}
