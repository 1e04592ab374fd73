using System.Globalization;
using System.Text;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>A journal of several segments and two streams whose every message is findable on the disk, so that a test knows what a piece of damage destroys.</summary>
internal sealed class DamagedJournal
{
    public const int Messages = 240;
    private const string Folder = "/data/journal";
    private static readonly StreamId[] s_streams = [JournalHarness.Telemetry, JournalHarness.Alarm];

    private readonly Dictionary<StreamId, StreamLedger> _ledgers = [];

    private DamagedJournal(SimulatedDisk disk) => Disk = disk;

    public SimulatedDisk Disk { get; private set; }

    public static IReadOnlyList<StreamId> Streams => s_streams;

    /// <summary>The highest number of the stream.</summary>
    public ulong Last(StreamId id) => _ledgers[id].Next - 1;

    /// <param name="isStopped">Closed in order; else killed.</param>
    public static async Task<DamagedJournal> MakeAsync(bool isStopped)
    {
        var made = new DamagedJournal(new SimulatedDisk());
        await using var box = new JournalHarness("/data", made.Disk);
        box.Open();
        var streams = s_streams.ToDictionary(id => id, id => box.Stream(id));
        for (var i = 0; i < Messages; i++)
        {
            var stream = streams[s_streams[i % 2]];
            await box.AppendAsync(stream, $"#{stream.Id}-{stream.Ledger.Next:d5}:{new string('x', 5_000)}");
        }

        foreach (var (id, stream) in streams)
        {
            made._ledgers.Add(id, stream.Ledger);
        }

        if (isStopped)
        {
            await box.CloseAsync();
        }

        made.Disk = made.Disk.Copy();
        return made;
    }

    /// <summary>Oldest first.</summary>
    public List<string> Segments() =>
        [.. Disk.List(Folder).Where(n => n.EndsWith(".seg", StringComparison.Ordinal) && !Path.GetFileName(n).StartsWith("spare-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>The numbers that stand in the bytes.</summary>
    public static Dictionary<StreamId, SortedSet<ulong>> In(ReadOnlySpan<byte> bytes)
    {
        var found = s_streams.ToDictionary(id => id, _ => new SortedSet<ulong>());
        foreach (var id in s_streams)
        {
            var sign = Encoding.UTF8.GetBytes($"#{id}-");
            for (var rest = bytes; rest.IndexOf(sign) is >= 0 and var at; rest = rest[(at + sign.Length)..])
            {
                found[id].Add(ulong.Parse(rest.Slice(at + sign.Length, 5), CultureInfo.InvariantCulture));
            }
        }

        return found;
    }

    /// <summary>Where the n-th message of the segment stands, counted from the end if negative.</summary>
    public int Place(string segment, int n)
    {
        var bytes = Disk.Bytes(segment);
        var places = new List<int>();
        for (var at = 0; bytes.AsSpan(at).IndexOf("#cloud."u8) is >= 0 and var found; at += found + 1)
        {
            places.Add(at + found);
        }

        return n < 0 ? places[^-n] : places[n];
    }

    /// <summary>What can be read is what was not destroyed, once, in order; what was is told; nothing else happened, and it stays so after another start.</summary>
    /// <param name="destroyed">What the damage took.</param>
    /// <param name="isExact">Whether the numbers told must be those and no more: the journal knew where it ended.</param>
    /// <returns>What was logged up to the other start.</returns>
    public async Task<ILookup<int, string>> VerifyAsync(JournalHarness box, Dictionary<StreamId, SortedSet<ulong>> destroyed, bool isExact)
    {
        var nexts = new Dictionary<StreamId, ulong>();
        foreach (var id in s_streams)
        {
            var stream = box.Stream(id);
            var survivors = Range(1, Last(id)).Except(destroyed[id]).ToList();
            var entries = JournalHarness.ReadAll(stream);
            Assert.Equal(survivors, entries.Select(e => e.Seq));
            Assert.All(entries, e => Assert.StartsWith($"#{id}-{e.Seq:d5}:", JournalHarness.Text(e), StringComparison.Ordinal));
            await box.AppendAsync(stream, "after");
            entries.ForEach(e => stream.Acknowledge(e.Seq));
            Assert.All(stream.Gaps, g => Assert.Equal(GapReason.Quarantine, g.Reason));
            var told = stream.Gaps.SelectMany(g => Range(g.From, g.To)).ToList();
            Assert.Equal(told.Count, told.Distinct().Count());
            Assert.Empty(destroyed[id].Except(told));
            Assert.Empty(told.Intersect(survivors));
            nexts[id] = stream.Ledger.Next;
            if (isExact)
            {
                Assert.Equal(destroyed[id], told);
                Assert.Equal(Last(id) + 2, nexts[id]);
            }

            Assert.True(nexts[id] > Last(id) + 1);
            Assert.True(stream.TryRead(nexts[id] - 1, out var after));
            Assert.Equal("after", JournalHarness.Text(after));
            Assert.Equal(stream.Ledger.Next - 2, stream.Ledger.Acknowledged + stream.Ledger.Dropped);
        }

        var lines = box.Log.Lines.ToLookup(l => l.Id, l => l.Text);
        await box.ReopenAsync();
        foreach (var id in s_streams)
        {
            var stream = box.Stream(id);
            Assert.Equal(["after"], JournalHarness.ReadAll(stream).Select(JournalHarness.Text));
            Assert.Equal(nexts[id], stream.Ledger.Next);
        }

        return lines;
    }

    private static IEnumerable<ulong> Range(ulong from, ulong to)
    {
        for (var seq = from; seq <= to; seq++)
        {
            yield return seq;
        }
    }
}
