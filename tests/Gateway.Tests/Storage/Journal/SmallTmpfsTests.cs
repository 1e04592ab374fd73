using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class SmallTmpfsTests
{
    [Fact]
    public async Task Tmpfs_Full_RefusesAndHealsWhenItGrows()
    {
        var folder = Directory.CreateTempSubdirectory("tmpfs-").FullName;
        var problem = Ext4Image.Run("mount", "-t", "tmpfs", "-o", "size=2m", "none", folder);
        Assert.SkipWhen(problem is not null, $"no tmpfs can be mounted here: {problem}");
        try
        {
            await FillAndGrowAsync(folder);
        }
        finally
        {
            Assert.Null(Ext4Image.Run("umount", folder));
            Directory.Delete(folder);
        }
    }

    [Fact]
    public async Task Tmpfs_ReadOnlyAtTheStart_RefusedWithTheRemedy()
    {
        await OnTmpfsAsync(async folder =>
        {
            await using var box = new JournalHarness(folder, new DiskFiles());
            box.Open();
            var stream = box.Stream();
            for (var i = 0; i < 200; i++)
            {
                await box.AppendAsync(stream, $"{i}:{new string('x', 5_000)}");
            }

            await box.CloseAsync();
            Assert.Null(Ext4Image.Run("mount", "-o", "remount,ro", "none", folder));
            var refused = Assert.Throws<JournalException>(() => box.Open());
            Assert.Contains("Read-only file system", refused.Message, StringComparison.Ordinal);
            Assert.Contains("mount -o remount,rw", refused.Message, StringComparison.Ordinal);
            Assert.Null(Ext4Image.Run("mount", "-o", "remount,rw", "none", folder));
            box.Open();
            Assert.Equal(200, JournalHarness.ReadAll(box.Stream()).Count);
        });
    }

    [Fact]
    public async Task Ext4_ReadOnlyAfterAnError_FailsKeepsWhatItHasAndGoesOnAfterAMount()
    {
        using var image = Ext4Image.TryMake(mebibytes: 32, out var reason);
        Assert.SkipWhen(image is null, $"no loop mount here: {reason}");
        await using var box = new JournalHarness(image!.Mount, new DiskFiles()) { Options = new JournalOptions { SegmentSize = JournalHarness.SmallSegment } };
        box.Open();
        var stream = box.Stream();
        for (var i = 0; i < 200; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', 5_000)}");
        }

        image.ReadOnly();
        Assert.False(await box.Durability.WaitAsync(box.Append(stream, "lost").Lsn));
        Assert.Equal(Intake.Failed, box.Journal.Condition);
        Assert.Equal(AppendStatus.Failed, box.Append(stream, "refused").Status);

        // What was promised can still be read, from files opened only now.
        Assert.Equal(200, JournalHarness.ReadAll(stream).Count);
        Assert.Empty(stream.Gaps);
        await box.CloseAsync();
        image.Remount();
        box.Open();
        stream = box.Stream();
        Assert.Equal(200, JournalHarness.ReadAll(stream).Count);
        await box.AppendAsync(stream, "again");
    }

    private static async Task OnTmpfsAsync(Func<string, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("tmpfs-").FullName;
        var problem = Ext4Image.Run("mount", "-t", "tmpfs", "-o", "size=64m", "none", folder);
        Assert.SkipWhen(problem is not null, $"no tmpfs can be mounted here: {problem}");
        try
        {
            await work(folder);
        }
        finally
        {
            Assert.Null(Ext4Image.Run("umount", folder));
            Directory.Delete(folder);
        }
    }

    private static async Task FillAndGrowAsync(string folder)
    {
        await using var box = new JournalHarness(folder, new DiskFiles());
        box.Open();
        var stream = box.Stream(limits: new StreamLimits { WhenFull = WhenFull.Refuse });
        var taken = 0;
        while (box.Append(stream, new string('x', 5_000)) is { Status: AppendStatus.Accepted } result && await box.Durability.WaitAsync(result.Lsn))
        {
            taken++;
        }

        Assert.InRange(taken, 50, 400);
        Assert.Null(Ext4Image.Run("mount", "-o", "remount,size=8m", "none", folder));
        box.Time.Advance(box.Options.Retry);
        while (box.Journal.Condition != Intake.Open)
        {
            await box.TurnsAsync(1);
        }

        await box.AppendAsync(stream, "again");
        Assert.Equal(taken + 1, JournalHarness.ReadAll(stream).Count);
    }
}
