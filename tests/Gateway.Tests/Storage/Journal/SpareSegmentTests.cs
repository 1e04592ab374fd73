using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Storage;

/// <summary>Segments that are made ahead of use.</summary>
public sealed class SpareSegmentTests
{
    private const int SegmentSize = 4 << 20;

    [Fact]
    public async Task Stop_WhileTheSecondIsMade_DoesNotMakeItToItsEnd()
    {
        var files = new TallyFiles(new SimulatedDisk());
        files.CreateFolder("/data");
        using var metrics = new StorageMetrics();
        var pool = new SegmentPool(files, "/data", new JournalOptions { SegmentSize = SegmentSize }, metrics, NullLogger.Instance);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var held = new ManualResetEventSlim();
        var paths = new HashSet<string>();
        files.Writing = (path, _) =>
        {
            // The first is the reserve, which outlives a stop.
            if (paths.Add(path) && paths.Count == 2)
            {
                begun.SetResult();
                held.Wait();
            }
        };
        pool.Replenish(retry: false);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var stop = Task.Run(pool.Stop);
        while (!pool.IsStopping)
        {
            await Task.Yield();
        }

        held.Set();
        await stop.WaitAsync(TimeSpan.FromSeconds(30));

        // What was being written when it came, and no more; half a segment is no segment.
        Assert.InRange(files.Written, SegmentSize + 1, SegmentSize + (SegmentSize / 4));
        Assert.Equal(Assert.Single(files.List("/data")), pool.Take(keep: 0));
        Assert.Equal((0, false, null), (pool.Count, pool.IsExhausted, pool.Take(keep: 0)));
    }
}
