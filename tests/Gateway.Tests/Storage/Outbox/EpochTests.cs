using System.Buffers.Binary;
using System.Numerics;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A data folder that has come to another machine, while the first one may go on.</summary>
public sealed class EpochTests
{
    [Fact]
    public async Task NewEpochs_WhatWaitsKeepsItsIdentity_WhatComesBeginsAtOne()
    {
        await using var box = Box();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 5; i++)
        {
            await box.AppendAsync(stream, $"old{i}");
        }

        Take(stream, 2);
        var first = stream.Epoch;
        stream = await MoveAsync(box);
        await box.AppendAsync(stream, "new1");
        await box.AppendAsync(stream, "new2");
        for (var again = 0; again < 2; again++)
        {
            Assert.NotEqual(first, stream.Epoch);
            Assert.Equal(
                [(first, 3, null), (first, 4, null), (first, 5, null), (stream.Epoch, 1, first), (stream.Epoch, 2, null)],
                JournalHarness.ReadAll(stream).Select(e => stream.Identify(e.Seq)).Select(i => (i.Epoch, i.Number, i.Previous)));
            Assert.Equal([3UL, 4UL, 5UL, 6UL, 7UL], JournalHarness.ReadAll(stream).Select(e => e.Seq));
            Assert.Equal([new(stream.Epoch, 1, 3, 0, 0), new StreamLedger(first, 3, 6, 2, 0)], stream.Epochs);
            await box.ReopenAsync();
            stream = box.Stream();
        }
    }

    [Fact]
    public async Task Gap_OverTwoEpochs_IsTwoGapsAndTheLedgersAddUp()
    {
        await using var box = Box();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 4; i++)
        {
            await box.AppendAsync(stream, $"old{i}");
        }

        var first = stream.Epoch;
        stream = await MoveAsync(box);
        for (var i = 1; i <= 4; i++)
        {
            await box.AppendAsync(stream, $"new{i}");
        }

        JournalHarness.ReadAll(stream);
        for (var seq = 6UL; seq >= 3; seq--)
        {
            stream.Abandon(seq, GapReason.Refused);
        }

        Assert.Equal([(first, 3UL, 4UL), (stream.Epoch, 1UL, 2UL)], stream.Gaps.Select(g => (g.Epoch, g.From, g.To)));
        Assert.Equal([3UL, 5UL], stream.Gaps.Select(stream.PositionOf));
        stream.Acknowledge(1);
        stream.Acknowledge(2);
        stream.Acknowledge(7);
        StreamLedger[] ledgers = [new(stream.Epoch, 4, 5, 1, 2), new(first, 5, 5, 2, 2)];
        Assert.Equal(ledgers, stream.Epochs);
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal(ledgers, stream.Epochs);
        stream.Forget(stream.Gaps[0]);
        Assert.Equal([(stream.Epoch, 1UL, 2UL)], stream.Gaps.Select(g => (g.Epoch, g.From, g.To)));
    }

    [Fact]
    public async Task NewEpochs_AgainBeforeAnythingWasAppended_OneTakesTheOthersPlace()
    {
        await using var box = Box();
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "old");
        var first = stream.Epoch;
        await MoveAsync(box);
        await MoveAsync(box);
        stream = await MoveAsync(box);
        await box.AppendAsync(stream, "new");
        Assert.Equal(first, stream.Identify(2).Previous);
        Assert.Equal([stream.Epoch, first], stream.Epochs.Select(e => e.Epoch));
    }

    [Fact]
    public async Task NewEpochs_OnceAndAgain_OnlyTheLastThatAreDoneAreKept()
    {
        await using var box = Box();
        box.Open();
        var stream = box.Stream();
        for (var i = 1; i <= 20; i++)
        {
            await box.AppendAsync(stream, $"{i}");
            Take(stream, 1);
            stream = await MoveAsync(box);
        }

        await box.AppendAsync(stream, "open");
        stream = await MoveAsync(box);
        Assert.Equal(6, stream.Epochs.Count);
        Assert.Equal((0UL, 1UL), (stream.Epochs[1].Acknowledged, stream.Epochs[1].Oldest));
        Assert.All(stream.Epochs.Skip(2), e => Assert.Equal((2UL, 2UL, 1UL), (e.Oldest, e.Next, e.Acknowledged)));
    }

    [Fact]
    public async Task NewEpochs_DiskFails_TheyAreToldWithTheFirstCommit()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "old");
        var first = stream.Epoch;
        await box.CloseAsync();

        // The first one makes sure of what was read.
        var syncs = 0;
        disk.Fault = (kind, path) => kind == DiskOperationKind.Sync && path.EndsWith(".seg", StringComparison.Ordinal) && !path.Contains("spare", StringComparison.Ordinal) && Interlocked.Increment(ref syncs) > 1 ? SimulatedDisk.Broken : null;
        box.Options = box.Options with { NewEpochs = true };
        box.Open();
        Assert.False(box.Journal.AreEpochsDurable);
        stream = box.Stream();
        var second = stream.Epoch;
        Assert.NotEqual(first, second);

        disk.Fault = null;
        box.Time.Advance(box.Options.Retry);
        await box.TurnsAsync();
        await box.AppendAsync(stream, "new");
        box.Options = box.Options with { NewEpochs = false };
        await box.ReopenAsync();
        stream = box.Stream();
        Assert.Equal([(first, 1UL), (second, 1UL)], JournalHarness.ReadAll(stream).Select(e => stream.Identify(e.Seq)).Select(i => (i.Epoch, i.Number)));
    }

    /// <summary>The card is copied at any moment; both machines go on, lose power, and go on: no identity has two contents.</summary>
    [Fact]
    public async Task CopiedCard_PowerCutsOnBoth_NoIdentityHasTwoContents()
    {
        var seed = Random.Shared.Next();
        for (var round = 0; round < 150; round++, seed++)
        {
            try
            {
                await CopyAsync(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }

    [Fact]
    public async Task Open_FormatBeforeEpochsFollowedOneAnother_IsReadAndNotWrittenTo()
    {
        var disk = new SimulatedDisk();
        await using var box = new JournalHarness("/data", disk);
        box.Open();
        var stream = box.Stream();
        await box.AppendAsync(stream, "old");
        await box.CloseAsync();
        var tail = disk.List("/data/journal").Single(n => !n.Contains("spare", StringComparison.Ordinal) && n.EndsWith(".seg", StringComparison.Ordinal));
        MakeFormat1(disk, tail);
        var before = Content(disk, tail);
        await box.ReopenAsync();
        stream = box.Stream();
        await box.AppendAsync(stream, "new");
        Assert.Equal(["old", "new"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
        Assert.Equal(before, Content(disk, tail));
        await box.ReopenAsync();
        Assert.Equal(["old", "new"], JournalHarness.ReadAll(box.Stream()).Select(JournalHarness.Text));
    }

    private static byte[] Content(SimulatedDisk disk, string segment)
    {
        using var file = disk.Open(segment);
        var content = new byte[file.Length];
        file.Read(content, 0);
        return content;
    }

    private static void MakeFormat1(SimulatedDisk disk, string segment)
    {
        using var file = disk.Open(segment);
        var header = new byte[4096];
        file.Read(header, 0);
        header[8] = 1;
        var length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12));
        var sum = uint.MaxValue;
        foreach (var one in header.AsSpan(0, length - 4))
        {
            sum = BitOperations.Crc32C(sum, one);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(length - 4), sum);
        file.Write(header, 0);
    }

    private static JournalHarness Box() => new("/data", new SimulatedDisk());

    private static async Task<IOutboxStream> MoveAsync(JournalHarness box)
    {
        await box.CloseAsync();
        var options = box.Options;
        box.Options = options with { NewEpochs = true };
        box.Open();
        box.Options = options;
        Assert.True(box.Journal.AreEpochsDurable);
        return box.Stream();
    }

    private static void Take(IOutboxStream stream, int count)
    {
        foreach (var entry in JournalHarness.ReadAll(stream).Take(count))
        {
            stream.Acknowledge(entry.Seq);
        }
    }

    private static async Task CopyAsync(Random random)
    {
        var seen = new Dictionary<(ulong Epoch, ulong Number), string>();
        var original = await LiveAsync("original", new SimulatedDisk { Log = [] }, random, moved: false);
        See(original, int.MaxValue, seen);
        var copied = random.Next(1, original.Log.Count + 1);
        See(await LiveAsync("original again", SimulatedDisk.AfterPowerCut(original.Log, original.Log.Count, random, []), random, moved: false), int.MaxValue, seen);
        foreach (var name in new[] { "copy", "other copy" })
        {
            var (log, cut, moved) = (original.Log, copied, true);
            for (var life = 0; life < 4; life++)
            {
                var lived = await LiveAsync($"{name}, life {life}", SimulatedDisk.AfterPowerCut(log, cut, random, []), random, moved);
                (log, cut) = (lived.Log, random.Next(lived.Began, lived.Log.Count + 1));
                See(lived, cut, seen);

                // As the daemon does: it is noted that the epochs are made after they are.
                moved = moved && (cut < lived.Opened || random.Next(2) == 0);
            }
        }
    }

    private static async Task<Life> LiveAsync(string name, SimulatedDisk disk, Random random, bool moved)
    {
        await using var box = new JournalHarness("/data", disk) { Options = new JournalOptions { SegmentSize = JournalOptions.SmallestSegmentSize, NewEpochs = moved } };
        var began = disk.Operations;
        box.Open();
        Assert.Equal(moved, box.Journal.AreEpochsDurable);
        var life = new Life(disk.Log!, began, disk.Operations, []);
        var stream = box.Stream();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            await box.AppendAsync(stream, $"{name} {random.Next()} {new string('x', random.Next(5_000))}");
            if (random.Next(3) == 0)
            {
                Look(stream, disk, life);
                Take(stream, random.Next(3));
            }
        }

        Look(stream, disk, life);
        await box.CloseAsync();
        return life;
    }

    private static void Look(IOutboxStream stream, SimulatedDisk disk, Life life)
    {
        foreach (var entry in JournalHarness.ReadAll(stream))
        {
            life.Sent.Add((disk.Operations, stream.Identify(entry.Seq), JournalHarness.Text(entry)));
        }

        stream.Rewind();
    }

    private static void See(Life life, int until, Dictionary<(ulong Epoch, ulong Number), string> seen)
    {
        foreach (var (_, identity, text) in life.Sent.Where(s => s.Operation <= until))
        {
            seen.TryAdd((identity.Epoch, identity.Number), text);
            Assert.Equal(seen[(identity.Epoch, identity.Number)], text);
        }
    }

    private sealed record Life(List<DiskOperation> Log, int Began, int Opened, List<(int Operation, EntryIdentity Identity, string Text)> Sent);
}
