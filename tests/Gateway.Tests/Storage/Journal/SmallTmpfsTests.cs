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
