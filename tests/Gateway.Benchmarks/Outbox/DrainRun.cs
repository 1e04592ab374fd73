using System.Diagnostics;

namespace Gateway.Benchmarks.Outbox;

/// <summary>A backlog is read and forgotten, message by message, without a network.</summary>
internal sealed class DrainRun(Rounds rounds, int messages)
{
    public void Run()
    {
        Contender[] contenders =
        [
            new("ours", static f => Warm(new JournalQueue(f)), Turn),
            new("SQLite WAL FULL, rows", static f => Warm(new SqliteQueue(f, segments: false)), Turn),
            new("SQLite WAL FULL, segments", static f => Warm(new SqliteQueue(f, segments: true)), Turn),
        ];
        var rates = rounds.Run(contenders);
        Console.WriteLine($"{$"drain of {messages:N0}",-34} {"read/s",10} {"of first",8}");
        for (var i = 0; i < rates.Length; i++)
        {
            Console.WriteLine($"  {contenders[i].Name,-32} {rates[i],10:N0} {rates[i] / rates[0],8:P0}");
        }
    }

    /// <summary>Everything is compiled.</summary>
    private static IQueue Warm(IQueue queue)
    {
        queue.Fill(100_000, batch: 500);
        queue.Drain(100_000);
        return queue;
    }

    private double Turn(IStore store)
    {
        var queue = (IQueue)store;
        queue.Fill(messages, batch: 500);
        var started = Stopwatch.GetTimestamp();
        queue.Drain(messages);
        return messages / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
