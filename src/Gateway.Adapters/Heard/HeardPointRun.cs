using Gateway.Adapters.Payloads;
using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>One point of a device that is heard: what it said last.</summary>
internal sealed class HeardPointRun
{
    private readonly ValueRules _rules;

    /// <param name="options">The point.</param>
    /// <param name="isEvent">It tells what happens, not how it is.</param>
    /// <param name="since">Timestamp from which on it is missed.</param>
    public HeardPointRun(PointOptions options, bool isEvent, long since)
    {
        (Options, IsEvent, HeardAt) = (options, isEvent, since);
        _rules = new(options);
        Field = (options.Address as HeardPoint)?.Field ?? options.Id;
    }

    public PointOptions Options { get; }

    public string Field { get; }

    public bool IsEvent { get; private set; }

    /// <summary>Timestamp of the last payload with it.</summary>
    public long HeardAt { get; private set; }

    /// <summary>What was read last; null: nothing, or it is not true any more.</summary>
    public Reading? Last { get; private set; }

    public Reading Take(in DecodedValue value, long heardAt, DateTimeOffset at)
    {
        (HeardAt, IsEvent) = (heardAt, IsEvent || value.IsEvent);
        if (value.Error is { } error)
        {
            return Keep(Reading.Bad(Options, error, at));
        }

        var scaled = Scaled(value.Value);
        return Keep(_rules.Apply(ref scaled) is { } problem ? Reading.Bad(Options, problem, at) : Reading.Good(Options, scaled, at));
    }

    /// <summary>What it said does not hold any more.</summary>
    public Reading Lose(string reason, DateTimeOffset at)
    {
        Last = null;
        return Reading.Bad(Options, reason, at);
    }

    private Reading Keep(in Reading reading)
    {
        Last = reading;
        return reading;
    }

    private PointValue Scaled(in PointValue value) =>
        (Options.Scale == 1 && Options.Offset == 0) || value.Kind is PointValueKind.Text or PointValueKind.Boolean or PointValueKind.None ? value
        : value.Kind == PointValueKind.Exact && TryExact(value.Exact, out var exact) ? PointValue.Of(exact)
        : value.TryGetNumber(out var number) ? PointValue.Of((number * (double)Options.Scale) + (double)Options.Offset)
        : value;

    private bool TryExact(decimal value, out decimal scaled)
    {
        // A decimal overflows where a double only becomes inexact; a stranger's payload must not throw.
        const decimal Largest = 1e15m;
        scaled = Math.Abs(value) < Largest ? (value * Options.Scale) + Options.Offset : 0;
        return Math.Abs(value) < Largest;
    }
}
