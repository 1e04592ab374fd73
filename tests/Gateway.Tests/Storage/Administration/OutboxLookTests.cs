using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

public sealed class OutboxLookTests
{
    private const int Block = 4096;

    [Fact]
    public async Task Look_DisturbsNothing()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 5; i++)
        {
            await box.AppendAsync(stream, $"{i}", properties: new MessageProperties { MessageExpiryInterval = 60 });
        }

        Assert.True(stream.TryRead(0, out _));
        box.Time.Advance(TimeSpan.FromSeconds(10));
        var before = stream.Ledger;
        var seen = Look(box, stream.Id);

        Assert.Equal([1, 2, 3, 4, 5], seen.Select(e => (int)e.From));
        Assert.Equal([true, false, false, false, false], seen.Select(e => e.IsInFlight));
        Assert.All(seen, e => Assert.Equal(TimeSpan.FromSeconds(10), e.Age));
        Assert.All(seen, e => Assert.Equal(60u, e.Message!.Properties.MessageExpiryInterval));
        Assert.Equal(before, stream.Ledger);
        Assert.True(stream.TryRead(2, out var next));
        Assert.Equal(2UL, next.Seq);
        Assert.Equal([3, 4], Look(box, stream.Id, 3).Take(2).Select(e => (int)e.From));
    }

    [Fact]
    public async Task Look_WhatComesMeanwhile_IsNotSeen()
    {
        await using var box = new JournalHarness("/data", new SimulatedDisk());
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "1");
        using var look = box.Journal.Administration.Look(stream.Id, 0)!;
        await box.AppendAsync(stream, "2");

        Assert.True(look.TryNext(out _));
        Assert.False(look.TryNext(out _));
    }

    [Fact]
    public async Task Look_Damaged_IsToldInItsPlaceAndStays()
    {
        var disk = new SimulatedDisk();
        await using var box = await FilledAsync(disk);
        disk.Bytes(Segments(disk)[0])[(8 * Block) + 300] ^= 1;
        box.Open();
        var stream = box.Stream();

        var seen = Look(box, stream.Id);

        var damaged = Assert.Single(seen, e => e.Message is null);
        Assert.Equal(200UL, (ulong)seen.Count - 1 + damaged.To - damaged.From + 1);
        Assert.Equal(seen.OrderBy(e => e.From), seen);
        Assert.Equal(0UL, box.Journal.Administration.Streams.Single().Ledger.Dropped);
        Assert.Empty(stream.Gaps);
        Assert.Empty(disk.List("/data/quarantine/20250101T000000Z"));
    }

    [Fact]
    public async Task Inspect_Repairs_OnlyWhenAskedTo()
    {
        var disk = new SimulatedDisk();
        await using var box = await FilledAsync(disk);
        var file = Path.GetFileName(Segments(disk)[0]);
        disk.Bytes(Segments(disk)[0])[(8 * Block) + 300] ^= 1;
        box.Open();
        var administration = box.Journal.Administration;

        var findings = await administration.InspectFilesAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        var damaged = Assert.Single(findings, f => f.Damaged.Count > 0);
        Assert.Equal(file, damaged.Name);
        var part = Assert.Single(damaged.Damaged);
        Assert.InRange((8 * Block) + 300, part.Offset, part.Offset + part.Length - 1);
        Assert.True(findings.Sum(f => f.Entries) is > 190 and < 200);

        var looked = administration.Inspect(JournalHarness.Telemetry, repair: false, default)!;
        Assert.Equal(0UL, administration.Streams.Single().Ledger.Dropped + (ulong)administration.Streams.Single().Gaps.Count);
        var repaired = administration.Inspect(JournalHarness.Telemetry, repair: true, default)!;
        Assert.Equal(looked.Lost, repaired.Lost);
        Assert.Equal((looked.Readable, 200UL), (repaired.Readable, repaired.Readable + repaired.Lost.Aggregate(0UL, (sum, r) => sum + r.Count)));
        Assert.Equal(GapReason.Quarantine, Assert.Single(administration.Streams.Single().Gaps).Reason);
        Assert.NotEmpty(disk.List("/data/quarantine/20250101T000000Z"));
        Assert.Empty(administration.Inspect(JournalHarness.Telemetry, repair: true, default)!.Lost);
    }

    [Fact]
    public async Task LookOnlyFiles_DamagedJournal_OpensAndNothingOnDiskChanges()
    {
        var disk = new SimulatedDisk();
        await using (var box = await FilledAsync(disk))
        {
            disk.Bytes(Segments(disk)[^1])[(3 * Block) + 300] ^= 1;
        }

        var before = disk.List("/data/journal").ToDictionary(p => p, p => disk.Bytes(p).ToArray());
        await using (var look = new JournalHarness("/data", new LookOnlyFiles(disk)))
        {
            look.Open();
            Assert.NotEmpty(look.Journal.Report.Quarantined);
            Assert.InRange(Look(look, JournalHarness.Telemetry).Count, 190, 200);
            await look.Journal.Administration.DropAsync(JournalHarness.Telemetry, null, inFlightToo: false);
            Assert.Empty(Look(look, JournalHarness.Telemetry));
        }

        Assert.Equal(before.Keys.Order(), disk.List("/data/journal").Order());
        Assert.All(before, f => Assert.True(f.Value.AsSpan().SequenceEqual(disk.Bytes(f.Key)), f.Key));
        Assert.Empty(disk.List("/data/quarantine/20250101T000000Z"));
    }

    private static List<LookedEntry> Look(JournalHarness box, StreamId id, ulong from = 0)
    {
        using var look = box.Journal.Administration.Look(id, from)!;
        var seen = new List<LookedEntry>();
        while (look.TryNext(out var entry))
        {
            seen.Add(entry);
        }

        return seen;
    }

    private static async Task<JournalHarness> FilledAsync(SimulatedDisk disk)
    {
        var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 200; i++)
        {
            await box.AppendAsync(stream, $"{i}:{new string('x', 5_000)}");
        }

        await box.CloseAsync();
        return box;
    }

    private static List<string> Segments(SimulatedDisk disk) =>
        [.. disk.List("/data/journal").Where(n => !Path.GetFileName(n).StartsWith("spare-", StringComparison.Ordinal) && n.EndsWith(".seg", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
