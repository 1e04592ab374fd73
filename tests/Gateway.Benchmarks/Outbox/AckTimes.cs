using System.Diagnostics;
using System.Numerics;

namespace Gateway.Benchmarks.Outbox;

/// <summary>How long acknowledgements took: a histogram of constant size, exact to 1/64, so that measuring costs no memory while it runs.</summary>
internal sealed class AckTimes
{
    private const int Fine = 64;

    private readonly long[] _buckets = new long[64 * Fine];
    private long _count;

    public void Add(long ticks, int times = 1)
    {
        var nanoseconds = (ulong)(ticks * (1_000_000_000.0 / Stopwatch.Frequency)) + Fine;
        var power = BitOperations.Log2(nanoseconds);
        _buckets[(power * Fine) + (int)((nanoseconds >> (power - 6)) & (Fine - 1))] += times;
        _count += times;
    }

    /// <summary>Microseconds that this part of all acknowledgements did not exceed.</summary>
    public double Percentile(double part)
    {
        var wanted = (long)Math.Ceiling(_count * part);
        for (var (i, seen) = (6 * Fine, 0L); i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted && seen > 0)
            {
                return ((1UL << (i / Fine)) * (1 + ((i % Fine) + 1.0) / Fine) - Fine) / 1000;
            }
        }

        return double.NaN;
    }

    public override string ToString() => $"{Percentile(.5),8:N0} {Percentile(.99),8:N0} {Percentile(.999),8:N0}";
}
