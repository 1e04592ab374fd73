using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Every kind of damage at every place, after an orderly stop and after a kill: what can be proven is told, and what cannot is named here.</summary>
public sealed class DamageMatrixTests
{
    public enum Place
    {
        Oldest,
        Middle,
        NewestSealed,
        Tail,
    }

    public enum Damage
    {
        Truncated,
        Zeroed,
        FlippedHeader,
        FlippedCommit,
        Foreign,
        Missing,
    }

    public static TheoryData<Place, Damage, bool> Cases()
    {
        var cases = new TheoryData<Place, Damage, bool>();
        foreach (var place in Enum.GetValues<Place>())
        {
            foreach (var damage in Enum.GetValues<Damage>())
            {
                cases.Add(place, damage, true);
                cases.Add(place, damage, false);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Segment_Damaged_RestIsDeliveredAndLossIsTold(Place place, Damage damage, bool isStopped)
    {
        var made = await DamagedJournal.MakeAsync(isStopped);
        var segments = made.Segments();
        Assert.True(segments.Count >= 5);
        var victim = place switch
        {
            Place.Oldest => segments[0],
            Place.Middle => segments[2],
            Place.NewestSealed => segments[^2],
            _ => segments[^1],
        };
        var destroyed = await ApplyAsync(made, victim, damage);
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();

        // Killed, the journal may have gone on behind its mark: the numbers that could have stood there are told as well.
        var isExact = isStopped || place != Place.Tail || damage is Damage.FlippedCommit or Damage.FlippedHeader;
        var lines = await made.VerifyAsync(box, destroyed, isExact);

        // One line for each file: the one that is damaged, and a stranger in its place.
        var expected = damage is Damage.Missing ? 0 : 1;
        Assert.Equal(expected, lines[2002].Count());
        Assert.All(lines[2002], line => Assert.Contains("Check the card", line, StringComparison.Ordinal));
        Assert.Equal(damage is Damage.Missing or Damage.Foreign ? 1 : 0, lines[2030].Count());
        var copies = made.Disk.Folders("/data/quarantine").SelectMany(made.Disk.List).ToList();
        Assert.Equal(expected, copies.Count);
        Assert.All(copies, c => Assert.Equal(Path.GetFileName(victim), Path.GetFileName(c)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Segments_Exchanged_EverythingIsThere(bool withTheTail)
    {
        var made = await DamagedJournal.MakeAsync(isStopped: false);
        var segments = made.Segments();
        var (one, two) = (segments[1], withTheTail ? segments[^1] : segments[3]);
        var (first, second) = (made.Disk.Bytes(one), made.Disk.Bytes(two));
        made.Disk.Put(one, second);
        made.Disk.Put(two, first);
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        await made.VerifyAsync(box, DamagedJournal.In([]), isExact: true);
        Assert.Empty(box.Log.Lines);
    }

    [Fact]
    public async Task LastCommit_FlippedAfterAnOrderlyStop_IsDamageAndTold()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        var destroyed = Flip(made, made.Segments()[^1], made.Place(made.Segments()[^1], -1));
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        Assert.Equal(0, box.Journal.Report.CutBytes);
        await made.VerifyAsync(box, destroyed, isExact: true);
    }

    /// <summary>What remains impossible: nothing on the disk says that this commit had been promised.</summary>
    [Fact]
    public async Task LastCommit_FlippedAfterAKill_LooksLikeATornOne()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: false);
        Flip(made, made.Segments()[^1], made.Place(made.Segments()[^1], -1));
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        Assert.True(box.Journal.Report.CutBytes > 0);
        Assert.Single(box.Log.Of(2001));
        Assert.Empty(box.Journal.Report.Quarantined);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Segments_AllGone_AllIsToldAndNoNumberIsGivenAgain(bool isStopped)
    {
        var made = await DamagedJournal.MakeAsync(isStopped);
        made.Segments().ForEach(made.Disk.Delete);
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        var all = DamagedJournal.In([]);
        foreach (var id in DamagedJournal.Streams)
        {
            for (var seq = 1UL; seq <= made.Last(id); seq++)
            {
                all[id].Add(seq);
            }
        }

        await made.VerifyAsync(box, all, isExact: isStopped);
    }

    [Fact]
    public async Task Foreign_NewerOne_DoesNotTakeTheJournalOver()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: false);
        made.Disk.Put("/data/journal/00000000000000ff.seg", (await ForeignAsync()).Disk.Bytes("/data/journal/0000000000000002.seg"));
        made.Disk.Delete("/data/journal/mark");
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        var lines = await made.VerifyAsync(box, DamagedJournal.In([]), isExact: true);
        Assert.Single(lines[2002]);
    }

    [Fact]
    public async Task Damage_LongKept_IsNotCopiedAtEachStart()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        made.Disk.Bytes(made.Segments()[1])[20] ^= 1;
        await using var box = new JournalHarness("/data", made.Disk);
        for (var start = 0; start < 3; start++)
        {
            box.Open();
            Assert.Single(box.Journal.Report.Quarantined);
            await box.CloseAsync();
            box.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Single(made.Disk.Folders("/data/quarantine"));
    }

    [Fact]
    public async Task Damage_WithoutRoomForACopy_FileIsNotUsedAgain()
    {
        var made = await DamagedJournal.MakeAsync(isStopped: true);
        var victim = made.Segments()[1];
        Flip(made, victim, made.Place(victim, 3));
        await using var box = new JournalHarness("/data", made.Disk);
        made.Disk.Fault = (kind, path) => kind == DiskOperationKind.Write && path.Contains("quarantine", StringComparison.Ordinal) ? SimulatedDisk.NoSpace : null;
        box.Open();
        var stream = box.Stream();
        JournalHarness.ReadAll(stream).ForEach(e => stream.Acknowledge(e.Seq));
        var alarm = box.Stream(JournalHarness.Alarm);
        JournalHarness.ReadAll(alarm).ForEach(e => alarm.Acknowledge(e.Seq));
        for (var i = 0; i < 200; i++)
        {
            await box.AppendAsync(stream, new string('y', 5_000));
            Assert.True(stream.TryRead(0, out var entry));
            stream.Acknowledge(entry.Seq);
        }

        Assert.Contains(victim, made.Segments());
        Assert.Single(box.Log.Of(2011));
        made.Disk.Fault = null;
        await box.ReopenAsync();
    }

    private static async Task<DamagedJournal> ForeignAsync() => await DamagedJournal.MakeAsync(isStopped: true);

    private static async Task<Dictionary<StreamId, SortedSet<ulong>>> ApplyAsync(DamagedJournal made, string victim, Damage damage)
    {
        var bytes = made.Disk.Bytes(victim);
        switch (damage)
        {
            case Damage.Truncated:
                var cut = made.Place(victim, 4) - 1_000;
                made.Disk.Put(victim, bytes[..cut]);
                return DamagedJournal.In(bytes.AsSpan(cut));
            case Damage.Zeroed:
                made.Disk.Put(victim, new byte[bytes.Length]);
                return DamagedJournal.In(bytes);
            case Damage.FlippedHeader:
                bytes[20] ^= 1;
                return DamagedJournal.In([]);
            case Damage.FlippedCommit:
                return Flip(made, victim, made.Place(victim, 3));
            case Damage.Foreign:
                made.Disk.Put(victim, (await ForeignAsync()).Disk.Bytes(victim));
                return DamagedJournal.In(bytes);
            default:
                made.Disk.Delete(victim);
                return DamagedJournal.In(bytes);
        }
    }

    private static Dictionary<StreamId, SortedSet<ulong>> Flip(DamagedJournal made, string victim, int at)
    {
        var bytes = made.Disk.Bytes(victim);
        var destroyed = DamagedJournal.In(bytes.AsSpan(at, 100));
        bytes[at + 200] ^= 0x10;
        return destroyed;
    }
}
