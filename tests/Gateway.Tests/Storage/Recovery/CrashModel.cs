using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What a backend and a publisher know: which numbers were seen with which content, what was promised, and when, in operations of the disk.</summary>
internal sealed class CrashModel
{
    public Dictionary<StreamId, StreamModel> Streams { get; } = [];

    /// <summary>Keyed facts in the order in which they were set.</summary>
    public List<(long Lsn, string Key, string? Value)> Facts { get; } = [];

    /// <summary>Facts that failed: nobody was promised them, but they may turn up.</summary>
    public HashSet<(string Key, string? Value)> Ghosts { get; } = [];

    private readonly List<(int Operation, long Lsn)> _durable = [];
    private readonly Lock _lock = new();

    public void Durable(int operation, long lsn)
    {
        lock (_lock)
        {
            _durable.Add((operation, lsn));
        }
    }

    public long DurableAt(int cut)
    {
        lock (_lock)
        {
            return _durable.Where(d => d.Operation <= cut).Select(d => d.Lsn).DefaultIfEmpty(0).Max();
        }
    }

    /// <summary>Opens what the cut left, and checks every promise.</summary>
    public void Verify(JournalHarness box, int cut, Dictionary<StreamId, IOutboxStream> opened)
    {
        Assert.Empty(box.Journal.Report.Quarantined);
        Assert.Equal(0UL, box.Journal.Report.Lost);
        var durable = DurableAt(cut);
        foreach (var (id, model) in Streams)
        {
            if (!box.Outbox.Known.Contains(id))
            {
                Assert.DoesNotContain(model.Entries.Values, e => e.Lsn <= durable);
                Assert.DoesNotContain(model.Sent.Values, s => s.Operation <= cut);
                model.Reset();
                continue;
            }

            opened[id] = box.Stream(id, model.Limits);
            Verify(opened[id], model, cut, durable, box.Options.NewEpochs);
        }

        VerifyFacts(box.Journal.State, durable);
    }

    private static void Verify(IOutboxStream stream, StreamModel model, int cut, long durable, bool isMoved)
    {
        // Whoever came to another machine has an epoch that nobody has seen; else it is one of those before, the last one that the disk heard of.
        Assert.Equal(!isMoved, model.Epochs.ContainsKey(stream.Epoch));
        var next = stream.Ledger.Next;
        var promised = model.Entries.Where(e => e.Value.Lsn <= durable).Select(e => e.Key).DefaultIfEmpty(0UL).Max();
        Assert.True(next > promised, $"{model.Id}: the next is {next}, and {promised} was promised (LSN {model.Entries.GetValueOrDefault(promised).Lsn} of {durable})");
        Assert.True(next > model.Sent.Where(s => s.Value.Operation <= cut).Select(s => s.Key).DefaultIfEmpty(0UL).Max());

        var seen = new HashSet<ulong>();
        foreach (var entry in JournalHarness.ReadAll(stream))
        {
            Assert.True(seen.Add(entry.Seq));
            model.Identify(stream, entry, 0);
            model.Recognize(entry.Seq, JournalHarness.Text(entry), durable);
            if (model.Sent.TryGetValue(entry.Seq, out var sent) && sent.Operation <= cut)
            {
                Assert.Equal(sent.Payload, JournalHarness.Text(entry));
            }
        }

        foreach (var seq in seen)
        {
            stream.Acknowledge(seq);
        }

        var ledger = stream.Ledger;
        Assert.Equal(next, ledger.Oldest);
        Assert.Equal(next - 1, ledger.Acknowledged + ledger.Dropped);
        var gaps = stream.Gaps;
        Assert.Equal(ledger.Dropped, gaps.Aggregate(0UL, (sum, g) => sum + g.Count));
        for (var seq = 1UL; seq < next; seq++)
        {
            var gap = gaps.Where(g => model.Epochs[g.Epoch] + g.From <= seq && seq <= model.Epochs[g.Epoch] + g.To).ToList();
            var wasAcknowledged = model.Acknowledged.TryGetValue(seq, out var at) && at <= cut;
            Assert.True(seen.Contains(seq) || wasAcknowledged || gap.Count == 1, $"{model.Id} {seq} of {next}: neither here, nor acknowledged, nor a gap");
            Assert.True(
                gap.Count == 0 || gap[0].Reason is GapReason.Size or GapReason.Storage or GapReason.Superseded or GapReason.Refused or GapReason.Expired,
                $"{seq} is a gap: {(gap.Count > 0 ? gap[0].Reason : 0)}");
        }

        model.Rebase(next, cut, seen);
    }

    private void VerifyFacts(IStateStore state, long durable)
    {
        foreach (var key in Facts.Select(f => f.Key).Distinct())
        {
            var found = state.Read(key).Where(p => p.Key == key).Select(p => System.Text.Encoding.UTF8.GetString(p.Value.Span)).FirstOrDefault();
            var history = Facts.Where(f => f.Key == key).ToList();
            var promised = history.FindLastIndex(f => f.Lsn <= durable);
            var allowed = history.Skip(Math.Max(0, promised)).Select(f => f.Value).ToList();
            if (promised < 0)
            {
                allowed.Add(null);
            }

            allowed.AddRange(Ghosts.Where(g => g.Key == key).Select(g => g.Value));
            Assert.Contains(found, allowed);
        }

        // What was not promised may be void in a way that the next cut undoes.
        foreach (var fact in Facts.Where(f => f.Lsn > durable))
        {
            Ghosts.Add((fact.Key, fact.Value));
        }
    }

    public void TakeBack(long durable, long failed)
    {
        foreach (var stream in Streams.Values)
        {
            stream.TakeBack(durable, failed);
        }

        foreach (var fact in Facts.Where(f => f.Lsn > durable && f.Lsn <= failed))
        {
            Ghosts.Add((fact.Key, fact.Value));
        }

        Facts.RemoveAll(f => f.Lsn > durable && f.Lsn <= failed);
    }

    public CrashModel Copy()
    {
        var copy = new CrashModel();
        copy.Ghosts.UnionWith(Ghosts);
        copy.Facts.AddRange(Facts);
        lock (_lock)
        {
            copy._durable.AddRange(_durable);
        }

        foreach (var (id, stream) in Streams)
        {
            copy.Streams.Add(id, stream.Copy());
        }

        return copy;
    }

    /// <summary>The next life counts operations and log sequence numbers anew.</summary>
    public void NewLife(IStateStore state)
    {
        lock (_lock)
        {
            _durable.Clear();
        }

        Facts.Clear();
        foreach (var (key, value) in state.Read(""))
        {
            Facts.Add((0, key, System.Text.Encoding.UTF8.GetString(value.Span)));
        }
    }
}

internal sealed class StreamModel(StreamId id, StreamLimits limits)
{
    public StreamId Id { get; } = id;

    public StreamLimits Limits { get; } = limits;

    /// <summary>Every epoch that it had, with the last position before it.</summary>
    public Dictionary<ulong, ulong> Epochs { get; private init; } = [];

    /// <summary>In which epoch a message was appended.</summary>
    public Dictionary<string, ulong> EpochOf { get; private init; } = [];

    /// <summary>What upstream saw under which identity, and when.</summary>
    public List<(int Operation, ulong Epoch, ulong Number, string Payload)> Identities { get; private init; } = [];

    public ulong Next { get; set; } = 1;

    public Dictionary<ulong, (string Payload, long Lsn)> Entries { get; private init; } = [];

    /// <summary>What upstream saw, from the first life on.</summary>
    public Dictionary<ulong, (string Payload, int Operation)> Sent { get; private init; } = [];

    public Dictionary<ulong, int> Acknowledged { get; private init; } = [];

    /// <summary>Log sequence numbers of what somebody waited for.</summary>
    public HashSet<long> Awaited { get; private init; } = [];

    /// <summary>What failed, by the numbers that it had.</summary>
    public HashSet<(ulong Seq, string Payload)> Ghosts { get; private init; } = [];

    /// <summary>Who waited was told, and those numbers are given again. What nobody waited for has a number all the same, as a gap.</summary>
    public void TakeBack(long durable, long failed)
    {
        foreach (var (seq, entry) in Entries.Where(e => e.Value.Lsn > durable && e.Value.Lsn <= failed).ToList())
        {
            Assert.DoesNotContain(seq, Sent.Keys);
            Ghosts.Add((seq, entry.Payload));
            Entries.Remove(seq);
            Next -= Awaited.Contains(entry.Lsn) ? 1UL : 0;
        }
    }

    /// <summary>What is found under a number is what was promised; where nothing was, what was last tried, or failed before.</summary>
    public void Recognize(ulong seq, string payload, long durable)
    {
        if (Entries.TryGetValue(seq, out var entry) && (entry.Lsn <= durable || entry.Payload == payload))
        {
            if (entry.Payload != payload)
            {
                Assert.Fail($"{Id} {seq}: promised {entry.Payload.Split(':')[0]} (lsn {entry.Lsn}, durable {durable}), found {payload.Split(':')[0]}, {(Ghosts.Contains((seq, payload)) ? "which failed" : "never appended")}");
            }

            return;
        }

        Assert.Contains((seq, payload), Ghosts);
        Entries[seq] = (payload, 0);
    }

    /// <summary>Upstream sees an entry: whichever epoch is the present one, it has the identity that it was appended with.</summary>
    public void Identify(IOutboxStream stream, OutboxEntry entry, int operation)
    {
        var (epoch, number, previous) = stream.Identify(entry.Seq);
        var payload = JournalHarness.Text(entry);
        Assert.Equal(EpochOf[payload], epoch);
        Assert.Equal(entry.Seq, Epochs[epoch] + number);
        Assert.True(previous is null || number == 1);
        Identities.Add((operation, epoch, number, payload));
    }

    public StreamModel Copy() => new(Id, Limits)
    {
        Epochs = new(Epochs),
        EpochOf = new(EpochOf),
        Ghosts = [.. Ghosts],
        Awaited = [.. Awaited],
        Next = Next,
        Entries = new(Entries),
        Sent = new(Sent),
        Acknowledged = new(Acknowledged),
    };

    /// <summary>The stream was never durable, and nobody saw anything of it: the next one has another epoch.</summary>
    public void Reset()
    {
        Next = 1;
        Entries.Clear();
        Sent.Clear();
        Acknowledged.Clear();
        Ghosts.Clear();
        Awaited.Clear();
    }

    /// <summary>After a cut: what is left is durable from the start; numbers beyond are given anew.</summary>
    public void Rebase(ulong next, int cut, IEnumerable<ulong> acknowledged)
    {
        Next = next;
        Awaited.Clear();
        foreach (var seq in Entries.Keys.ToList())
        {
            if (seq >= next)
            {
                // Whether it is void may be written nowhere but in a header that is written over next: until something else is durable in its place, it may come back.
                Ghosts.Add((seq, Entries[seq].Payload));
                Entries.Remove(seq);
            }
            else
            {
                Entries[seq] = Entries[seq] with { Lsn = 0 };
            }
        }

        foreach (var seq in Sent.Where(s => s.Value.Operation > cut).Select(s => s.Key).ToList())
        {
            Sent.Remove(seq);
        }

        foreach (var seq in Sent.Keys.ToList())
        {
            Sent[seq] = Sent[seq] with { Operation = 0 };
        }

        foreach (var seq in Acknowledged.Where(a => a.Value > cut).Select(a => a.Key).ToList())
        {
            Acknowledged.Remove(seq);
        }

        foreach (var seq in Acknowledged.Keys.ToList().Concat(acknowledged))
        {
            Acknowledged[seq] = 0;
        }
    }
}
