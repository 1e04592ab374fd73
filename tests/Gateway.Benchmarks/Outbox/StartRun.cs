using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Outbox;

/// <summary>A start with a backlog: one process fills, another one opens.</summary>
internal static class StartRun
{
    public static int Fill(string folder, long count)
    {
        using var queue = new JournalQueue(folder);
        queue.Fill(count, batch: 500);
        return 0;
    }

    /// <summary>Milliseconds to open, the compiler's work included; MB of memory before, after, and after the first thousand were read and the last batch was written.</summary>
    public static int Open(string folder)
    {
        var before = Resident();
        var started = Stopwatch.GetTimestamp();
        using var queue = new JournalQueue(folder);
        var took = Stopwatch.GetElapsedTime(started);
        var opened = Resident();
        var ledger = queue.Ledger;
        queue.Fill(1_000, batch: 100);
        queue.Drain(1_000);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{ledger.Next - ledger.Oldest} {took.TotalMilliseconds:0} {before:0.0} {opened:0.0} {Resident():0.0} {queue.Report.Segments}"));
        return queue.Report.Lost == 0 ? 0 : 1;
    }

    private static double Resident() =>
        long.Parse(File.ReadLines("/proc/self/status").First(static l => l.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
}
