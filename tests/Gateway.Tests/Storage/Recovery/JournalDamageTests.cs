using System.Buffers.Binary;
using System.Numerics;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class JournalDamageTests
{
    private const int Block = 4096;

    [Fact]
    public async Task Tail_DamageInItsMidst_QuarantineAndGapAndTheRestGoesOn()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 10, 10);
        var tail = Segments(disk)[^1];
        disk.Bytes(tail)[(5 * Block) + 100] ^= 0x40;

        box.Open();
        Assert.Equal(Path.GetFileName(tail), Assert.Single(box.Journal.Report.Quarantined).Name);
        Assert.NotEmpty(disk.List(box.Journal.Report.Quarantined[0].Folder));
        var stream = box.Stream();
        var entries = JournalHarness.ReadAll(stream);
        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9, 10], Numbers(entries));
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal((5UL, 5UL, GapReason.Quarantine), stream.Gaps.Select(g => (g.From, g.To, g.Reason)).Single());
        await box.AppendAsync(stream, "next");
        Assert.True(stream.TryRead(11, out var entry));
        Assert.Equal(11UL, entry.Seq);
    }

    [Fact]
    public async Task Tail_LastCommitTorn_CutAndCounted()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 3, 10);

        // Closing writes no commit: the third message is the last one. Only the mark knows that it was whole.
        disk.Delete("/data/journal/mark");
        var bytes = disk.Bytes(Segments(disk)[^1]);
        bytes.AsSpan((3 * Block) + 100, 50).Clear();
        box.Open();
        Assert.True(box.Journal.Report.CutBytes > 0);
        Assert.Empty(box.Journal.Report.Quarantined);
        var stream = box.Stream();
        Assert.Equal([1, 2], Numbers(JournalHarness.ReadAll(stream)));
        await box.AppendAsync(stream, "again");
        Assert.Equal(4UL, stream.Ledger.Next);
    }

    [Fact]
    public async Task Tail_CheckpointDamaged_NumbersAreNotGivenAgain()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 100, 5_000);
        var ledger = _last;
        disk.Bytes(Segments(disk)[^1])[Block + 200] ^= 1;
        box.Open();
        var stream = box.Stream();
        Assert.True(stream.Ledger.Next >= ledger.Next);
        Assert.Equal(ledger.Epoch, stream.Epoch);
        var seen = JournalHarness.ReadAll(stream);
        seen.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal(stream.Ledger.Next - 1, (ulong)seen.Count + stream.Gaps.Aggregate(0UL, (sum, g) => sum + g.Count));
    }

    [Fact]
    public async Task Sealed_BitFlip_FoundWhenReadAndToldAsAGap()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 200, 5_000);
        disk.Bytes(Segments(disk)[0])[(8 * Block) + 300] ^= 1;
        box.Open();
        Assert.Empty(box.Journal.Report.Quarantined);
        var stream = box.Stream();
        var entries = JournalHarness.ReadAll(stream);
        Assert.InRange(entries.Count, 197, 199);
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.All(stream.Gaps, g => Assert.Equal(GapReason.Quarantine, g.Reason));
        Assert.Equal(200UL, (ulong)entries.Count + stream.Gaps.Aggregate(0UL, (sum, g) => sum + g.Count));
        Assert.NotEmpty(disk.List("/data/quarantine/20250101T000000Z"));
    }

    [Fact]
    public async Task Segments_SwappedNames_ReadAsIfNothingHadHappened()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 200, 5_000);
        var names = Segments(disk);
        var (one, two) = (disk.Bytes(names[0]), disk.Bytes(names[1]));
        disk.Put(names[0], two);
        disk.Put(names[1], one);
        box.Open();
        Assert.Equal(Enumerable.Range(1, 200), Numbers(JournalHarness.ReadAll(box.Stream())));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("zeroed")]
    [InlineData("short")]
    [InlineData("header")]
    public async Task Segment_Lost_IsAGapAndEverythingElseIsThere(string how)
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 200, 5_000);
        var victim = Segments(disk)[1];
        switch (how)
        {
            case "missing":
                disk.Delete(victim);
                break;
            case "zeroed":
                disk.Put(victim, new byte[JournalHarness.SmallSegment]);
                break;
            case "short":
                disk.Put(victim, disk.Bytes(victim)[..100_000]);
                break;
            default:
                disk.Bytes(victim)[20] ^= 1;
                break;
        }

        box.Open();
        var stream = box.Stream();
        var entries = JournalHarness.ReadAll(stream);
        entries.ForEach(e => stream.Acknowledge(e.Seq));
        Assert.Equal(200UL, (ulong)entries.Count + stream.Gaps.Aggregate(0UL, (sum, g) => sum + g.Count));
        Assert.Equal(how == "header", entries.Count == 200);
        Assert.Equal(201UL, stream.Ledger.Oldest);
    }

    [Fact]
    public async Task NewerFormat_Refused()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        await FillAsync(box, 1, 10);
        var bytes = disk.Bytes(Segments(disk)[^1]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Layout.Version + 1);
        var sum = uint.MaxValue;
        foreach (var one in bytes.AsSpan(0, length - 4))
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(length - 4), sum);
        var refused = Assert.Throws<JournalVersionException>(() => box.Open());
        Assert.Equal((Layout.Version + 1, Layout.Version), (refused.Found, refused.Supported));
    }

    private StreamLedger _last;

    private async Task FillAsync(JournalHarness box, int count, int size)
    {
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= count; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', size)}");
        }

        _last = stream.Ledger;
        await box.CloseAsync();
    }

    private static List<string> Segments(SimulatedDisk disk) =>
        [.. disk.List("/data/journal").Where(n => !Path.GetFileName(n).StartsWith("spare-", StringComparison.Ordinal) && n.EndsWith(".seg", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static IEnumerable<int> Numbers(IEnumerable<OutboxEntry> entries) =>
        entries.Select(e => int.Parse(JournalHarness.Text(e).Split(':')[0], System.Globalization.CultureInfo.InvariantCulture));
}
