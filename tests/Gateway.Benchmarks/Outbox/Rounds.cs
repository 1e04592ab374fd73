using System.Diagnostics;

namespace Gateway.Benchmarks.Outbox;

/// <summary>Contenders are opened side by side, each in a folder of its own, and then take short turns, round after round, another one first each time. What counts is the median turn.</summary>
/// <remarks>A disk that others use stalls for milliseconds now and then: many short turns hit everybody alike, and the median forgets the rest.</remarks>
internal sealed class Rounds(string folder, int rounds)
{
    /// <summary>What one leaves to the background (zeros for its next segment) is done before the next one's turn.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(30);

    /// <returns>The median of each, in their order.</returns>
    public double[] Run(params ReadOnlySpan<Contender> contenders)
    {
        var mine = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        var stores = new List<IStore>();
        var results = new List<double>[contenders.Length];
        try
        {
            for (var i = 0; i < contenders.Length; i++)
            {
                results[i] = new List<double>(rounds);
                stores.Add(contenders[i].Open(Directory.CreateDirectory(Path.Combine(mine, $"{i}")).FullName));
            }

            for (var round = 0; round < rounds; round++)
            {
                for (var turn = 0; turn < contenders.Length; turn++)
                {
                    var i = (round + turn) % contenders.Length;
                    GC.Collect();
                    Thread.Sleep(s_pause);
                    results[i].Add(contenders[i].Turn(stores[i]));
                }
            }
        }
        finally
        {
            stores.ForEach(static s => s.Dispose());
            Directory.Delete(mine, recursive: true);
        }

        return [.. results.Select(static r => r.Order().ElementAt(r.Count / 2))];
    }

    /// <summary>How many a second.</summary>
    public static double Rate(Func<long> work)
    {
        var started = Stopwatch.GetTimestamp();
        var count = work();
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}

/// <summary>Who takes part.</summary>
/// <param name="Name">For people.</param>
/// <param name="Open">Makes its store in an empty folder, and everything ready.</param>
/// <param name="Turn">One turn; what it measures.</param>
internal readonly record struct Contender(string Name, Func<string, IStore> Open, Func<IStore, double> Turn);
