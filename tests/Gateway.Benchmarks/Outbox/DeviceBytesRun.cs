using System.Diagnostics;
using System.Globalization;

namespace Gateway.Benchmarks.Outbox;

/// <summary>Bytes that reach the device per byte of topic and payload, file system and cursors included, while a queue is written and drained.</summary>
/// <param name="rounds">Takes turns.</param>
/// <param name="device">Name of the block device below the folder (<c>loop0</c>); nobody else writes to it.</param>
/// <param name="commits">How many in a turn.</param>
internal sealed class DeviceBytesRun(Rounds rounds, string device, int commits)
{
    /// <summary>Messages that wait all the time.</summary>
    private const int Backlog = 1_000;

    public void Run()
    {
        foreach (var batch in (int[])[1, 100])
        {
            Contender[] contenders =
            [
                new("ours", static f => Warm(new JournalQueue(f)), s => Turn(s, batch)),
                new("SQLite WAL FULL, rows", static f => Warm(new SqliteQueue(f, segments: false)), s => Turn(s, batch)),
                new("SQLite WAL FULL, segments", static f => Warm(new SqliteQueue(f, segments: true)), s => Turn(s, batch)),
            ];
            var ratios = rounds.Run(contenders);
            Console.WriteLine($"{$"bytes to the device, {batch} per commit",-34} {"per byte",10}");
            for (var i = 0; i < ratios.Length; i++)
            {
                Console.WriteLine($"  {contenders[i].Name,-32} {ratios[i],10:N2}");
            }
        }
    }

    /// <summary>Until recycled segments (and recycled pages) are written to.</summary>
    private static IQueue Warm(IQueue queue)
    {
        queue.Fill(Backlog, batch: 100);
        for (var i = 0; i < 1_500; i++)
        {
            queue.Pass(100);
        }

        return queue;
    }

    private double Turn(IStore store, int batch)
    {
        SyncAll();
        var before = Written();
        for (var i = 0; i < commits; i++)
        {
            ((IQueue)store).Pass(batch);
        }

        SyncAll();
        return (double)(Written() - before) / ((long)commits * batch * Workload.Bytes);
    }

    /// <summary>Sectors written, the seventh figure, are 512 bytes whatever the device (kernel, Documentation/block/stat.rst).</summary>
    private long Written() =>
        512 * long.Parse(File.ReadAllText($"/sys/block/{device}/stat").Split(' ', StringSplitOptions.RemoveEmptyEntries)[6], CultureInfo.InvariantCulture);

    private static void SyncAll()
    {
        using var sync = Process.Start("sync")!;
        sync.WaitForExit();
    }
}
