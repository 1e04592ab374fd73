using System.Text;
using Gateway.Storage;

namespace Gateway.Tests.Storage.Kept;

/// <summary>A small state is the old or the new one, wherever the power goes; what cannot be read is told, and written anew.</summary>
public sealed class KeptFileTests
{
    private const string Path = "/data/field/state";


    [Fact]
    public void Save_IsFoundAgain_AlsoWhenItGrowsAndShrinks()
    {
        var disk = new SimulatedDisk();
        var file = KeptFile.Open(disk, Path, 3);
        Assert.Equal(KeptFinding.None, file.Finding);
        foreach (var length in (int[])[10, 0, 5_000, 40_000, 7, 200_000, 1])
        {
            file.Save(Pattern(length, 1));
            file.Save(Pattern(length, 2));
            var again = KeptFile.Open(disk, Path, 4);
            Assert.Equal((KeptFinding.Whole, 3u), (again.Finding, again.WrittenBy));
            Assert.Equal(Pattern(length, 2), again.Content.ToArray());
            file = KeptFile.Open(disk, Path, 3);
        }
    }

    [Fact]
    public void Save_InPlace_CostsOneWriteAndOneSync()
    {
        var log = new List<DiskOperation>();
        var disk = new SimulatedDisk { Log = log };
        var file = KeptFile.Open(disk, Path, 1);
        file.Save(Pattern(100, 0));
        log.Clear();
        for (var i = 0; i < 10; i++)
        {
            file.Save(Pattern(100, i));
        }

        Assert.Equal(20, log.Count);
        Assert.All(log.Where(o => o.Kind == DiskOperationKind.Write), o => Assert.Equal(128, o.Data.Length));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 << 10)]
    public void PowerCut_AtAnyPoint_LeavesWhatWasSavedLast_OrWhatWasBeingSaved(int flashPage)
    {
        var log = new List<DiskOperation>();
        var file = KeptFile.Open(new SimulatedDisk { Log = log }, Path, 1);
        var saved = new List<(int At, byte[] Content)> { (0, []) };
        for (var i = 0; i < 24; i++)
        {
            // Grows out of its slot in between.
            var content = Pattern(i < 12 ? 900 : 30_000, i);
            file.Save(content);
            saved.Add((log.Count, content));
        }

        var random = new Random(7);
        for (var cut = 0; cut <= log.Count; cut++)
        {
            for (var round = 0; round < 12; round++)
            {
                var after = SimulatedDisk.AfterPowerCut(log, cut, random, flashPage: flashPage);
                var found = KeptFile.Open(after, Path, 2);
                var last = saved.FindLastIndex(s => s.At <= cut);
                Assert.NotEqual(KeptFinding.Damaged, found.Finding);
                Assert.Contains(saved.Skip(last).Take(2), s => s.Content.AsSpan().SequenceEqual(found.Content.Span));

                // And it goes on from there.
                found.Save([1, 2, 3]);
                Assert.Equal([1, 2, 3], KeptFile.Open(after, Path, 3).Content.ToArray());
            }
        }
    }

    [Fact]
    public void Damage_IsTold_PutAside_AndWrittenAnew()
    {
        var disk = new SimulatedDisk();
        var file = KeptFile.Open(disk, Path, 1);
        file.Save(Pattern(100, 1));
        file.Save(Pattern(100, 2));
        disk.Bytes(Path).AsSpan(40, 1).Fill(0xAA);
        disk.Bytes(Path).AsSpan((disk.Bytes(Path).Length / 2) + 40, 1).Fill(0xAA);
        var damaged = KeptFile.Open(disk, Path, 2);
        Assert.Equal((KeptFinding.Damaged, "its content is damaged"), (damaged.Finding, damaged.Problem));
        damaged.Save([9]);
        Assert.Equal([9], KeptFile.Open(disk, Path, 3).Content.ToArray());
        Assert.Equal(0xAA, disk.Bytes(Path + ".damaged")[40]);
    }

    [Fact]
    public void OneDamagedSlot_LeavesTheOther()
    {
        var disk = new SimulatedDisk();
        var file = KeptFile.Open(disk, Path, 1);
        file.Save(Encoding.ASCII.GetBytes("older"));
        file.Save(Encoding.ASCII.GetBytes("newer"));
        var bytes = disk.Bytes(Path);
        bytes.AsSpan(bytes.AsSpan().IndexOf("newer"u8), 1).Fill(0);
        Assert.Equal("older", Encoding.ASCII.GetString(KeptFile.Open(disk, Path, 1).Content.Span));
    }

    [Fact]
    public void Garbage_OfAnyLength_IsDamage_NeverAnException()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var disk = new SimulatedDisk();
            var bytes = new byte[random.Next(70)];
            random.NextBytes(bytes);
            disk.Put(Path, bytes);
            Assert.Equal(KeptFinding.Damaged, KeptFile.Open(disk, Path, 1).Finding);
        }
    }

    [Fact]
    public void FullDisk_IsNoHindrance_OnceTheFileIsThere_AReadOnlyOneKeepsWhatWas()
    {
        var disk = new SimulatedDisk();
        var file = KeptFile.Open(disk, Path, 1);
        disk.Capacity = 10;
        Assert.Throws<IOException>(() => file.Save([1]));
        disk.Capacity = long.MaxValue;
        file.Save([1]);
        disk.Capacity = disk.Bytes(Path).Length;
        file.Save([2]);
        disk.Fault = static (kind, _) => kind is DiskOperationKind.Write or DiskOperationKind.Sync ? new IOException("Read-only file system", 30) : null;
        Assert.Throws<IOException>(() => file.Save([3]));
        disk.Fault = null;
        Assert.Equal([2], KeptFile.Open(disk, Path, 2).Content.ToArray());
        file.Save([4]);
        Assert.Equal([4], KeptFile.Open(disk, Path, 2).Content.ToArray());
    }

    [Fact]
    public void AFileThatCannotBeRead_IsToldWithItsReason()
    {
        var disk = new SimulatedDisk();
        KeptFile.Open(disk, Path, 1).Save([1]);
        disk.Fault = static (kind, _) => kind == DiskOperationKind.Open ? SimulatedDisk.Broken : null;
        var file = KeptFile.Open(disk, Path, 1);
        Assert.Equal((KeptFinding.Damaged, "Input/output error"), (file.Finding, file.Problem));
    }

    private static byte[] Pattern(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed + (length * 31)).NextBytes(bytes);
        return bytes;
    }
}
