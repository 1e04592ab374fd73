using System.Diagnostics;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class GatheringTests
{
    private static readonly TimeSpan s_card = TimeSpan.FromMilliseconds(8);
    private readonly Gathering _gathering = new();

    [Fact]
    public void Patience_SomeOfThoseReleasedAreMissing_WaitsHalfASync()
    {
        _gathering.Committed(released: 1, waiting: 9, s_card);

        Assert.Equal(10, _gathering.Expected);
        Assert.Equal(4, _gathering.Patience(9));
        Assert.Equal(0, _gathering.Patience(10));
    }

    [Fact]
    public void Patience_OnePublisher_NeverWaits()
    {
        _gathering.Committed(released: 1, waiting: 0, s_card);

        Assert.Equal(0, _gathering.Patience(1));
    }

    [Fact]
    public void Patience_NobodyWaitsYet_CursorsRideWithThoseWhoComeBack()
    {
        _gathering.Committed(released: 5, waiting: 0, s_card);

        Assert.Equal(4, _gathering.Patience(0));
    }

    [Fact]
    public void Patience_NobodyWaitedLastTime_CommitsWhatIsPendingAtOnce()
    {
        _gathering.Committed(released: 0, waiting: 0, s_card);

        Assert.Equal(0, _gathering.Patience(0));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    [InlineData(200, Gathering.Longest)]
    public void Patience_FollowsTheDisk(int sync, int patience)
    {
        _gathering.Committed(released: 2, waiting: 1, TimeSpan.FromMilliseconds(sync));

        Assert.Equal(patience, _gathering.Patience(1));
    }

    [Fact]
    public void Waited_NobodyCame_NextCommitsAreNotDelayed()
    {
        _gathering.Committed(released: 2, waiting: 1, s_card);
        _gathering.Waited(came: false);
        for (var i = 1; i < Gathering.Rest; i++)
        {
            _gathering.Committed(released: 2, waiting: 1, s_card);
            Assert.Equal(0, _gathering.Patience(1));
        }

        _gathering.Committed(released: 2, waiting: 1, s_card);

        Assert.Equal(4, _gathering.Patience(1));
    }

    [Fact]
    public async Task Publishers_OnASlowDisk_AllAreAcknowledgedAndTheStopIsHeard()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        disk.Fault = (kind, _) =>
        {
            for (var started = Stopwatch.GetTimestamp(); kind == DiskOperationKind.Sync && Stopwatch.GetElapsedTime(started).TotalMilliseconds < 4;)
            {
                Thread.SpinWait(100);
            }

            return null;
        };
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async publisher =>
        {
            for (var i = 0; i < 10; i++)
            {
                await box.AppendAsync(stream, $"{publisher} {i}");
            }
        }));
        box.Append(stream, "the last one");
        await box.ReopenAsync();

        Assert.Equal(51, JournalHarness.ReadAll(box.Stream()).Count);
    }
}
