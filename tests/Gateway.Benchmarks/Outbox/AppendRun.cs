namespace Gateway.Benchmarks.Outbox;

/// <summary>Appends with 1, 10, 100 and 512 waiting publishers; then the same while everything is drained.</summary>
internal sealed class AppendRun(Rounds rounds)
{
    /// <summary>Four segments, so that recycled ones are written to, as in an outage that has filled its outbox.</summary>
    private const long Recycling = 32 << 20;

    /// <summary>Messages before the first turn: everything is compiled, and every segment that will be recycled was written once.</summary>
    private const int Warmup = 200_000;

    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(100);

    public void Append()
    {
        foreach (var waiting in (int[])[1, 10, 100, 512])
        {
            Print(
                "append", waiting, drain: false,
                ("raw overwrite + fdatasync", static f => new RawLoop(f)),
                ("ours, segments recycled", static f => new JournalQueue(f, Recycling)),
                ("ours, growing", static f => new JournalQueue(f)),
                ("SQLite WAL FULL, rows", static f => new SqliteQueue(f, segments: false)),
                ("SQLite WAL FULL, segments", static f => new SqliteQueue(f, segments: true)));
        }
    }

    public void AppendAndDrain()
    {
        foreach (var waiting in (int[])[10, 100, 512])
        {
            Print(
                "append while draining", waiting, drain: true,
                ("ours", static f => new JournalQueue(f)),
                ("SQLite WAL FULL, rows", static f => new SqliteQueue(f, segments: false)),
                ("SQLite WAL FULL, segments", static f => new SqliteQueue(f, segments: true)));
        }
    }

    private void Print(string what, int waiting, bool drain, params ReadOnlySpan<(string Name, Func<string, IStore> Open)> stores)
    {
        var acks = new AckTimes[stores.Length];
        var contenders = new Contender[stores.Length];
        for (var i = 0; i < contenders.Length; i++)
        {
            var ((name, open), times) = (stores[i], acks[i] = new AckTimes());
            contenders[i] = new Contender(name, f => Warm(open(f), drain), s => Rounds.Rate(() => drain
                ? ((IQueue)s).AppendAndDrain(waiting, s_turn, times) : s.Append(waiting, s_turn, times)));
        }

        var rates = rounds.Run(contenders);
        Console.WriteLine($"{$"{what}, {waiting} waiting",-34} {"acked/s",10} {"of first",8} {"p50",8} {"p99",8} {"p99.9 us",8}");
        for (var i = 0; i < rates.Length; i++)
        {
            Console.WriteLine($"  {contenders[i].Name,-32} {rates[i],10:N0} {rates[i] / rates[0],8:P0} {acks[i]}");
        }
    }

    private static IStore Warm(IStore store, bool drain)
    {
        if (store is IQueue queue)
        {
            queue.Fill(Warmup, batch: 500);
            if (drain)
            {
                queue.Drain(Warmup);
            }
        }

        return store;
    }
}
