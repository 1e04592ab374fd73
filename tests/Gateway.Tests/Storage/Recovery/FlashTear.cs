using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>What tears of whole flash pages cost.</summary>
/// <param name="Told">Promised messages that are gone and told as gaps.</param>
/// <param name="Cut">Promised messages that are gone with the journal's end, which looks torn.</param>
/// <param name="Again">Numbers of those that upstream had seen, and that will be given again: nothing on the disk shows that they had been given.</param>
internal readonly record struct FlashTear(long Told, long Cut, long Again)
{
    public static FlashTear operator +(FlashTear a, FlashTear b) => new(a.Told + b.Told, a.Cut + b.Cut, a.Again + b.Again);

    /// <summary>Whatever is lost is told or lies behind the end; what can be read is what was promised.</summary>
    public static FlashTear Of(JournalHarness box, CrashModel model, int cut)
    {
        var sum = default(FlashTear);
        var durable = model.DurableAt(cut);
        foreach (var (id, one) in model.Streams)
        {
            var stream = box.Stream(id, one.Limits);
            if (!one.Epochs.ContainsKey(stream.Epoch))
            {
                // Its definition is gone with everything else: what comes has another epoch.
                sum += new FlashTear(0, one.Entries.Count(e => e.Value.Lsn <= durable), 0);
                continue;
            }

            var seen = new HashSet<ulong>();
            foreach (var entry in JournalHarness.ReadAll(stream))
            {
                Assert.True(seen.Add(entry.Seq));
                Assert.Equal(one.Entries[entry.Seq].Payload, JournalHarness.Text(entry));
            }

            foreach (var seq in seen)
            {
                stream.Acknowledge(seq);
            }

            var ledger = stream.Ledger;
            Assert.Equal(ledger.Next, ledger.Oldest);
            var gaps = stream.Gaps;
            foreach (var (seq, entry) in one.Entries.Where(e => e.Value.Lsn <= durable && !seen.Contains(e.Key) && !one.Acknowledged.ContainsKey(e.Key)))
            {
                var gap = gaps.Where(g => g.From <= seq && seq <= g.To).ToList();
                Assert.True(gap.Count == 1 || seq >= ledger.Next, $"{id} {seq} of {ledger.Next}: silently gone");
                var isTold = gap.Count > 0 && gap[0].Reason == GapReason.Quarantine;
                var isCut = gap.Count == 0;
                var wasSeen = one.Sent.TryGetValue(seq, out var sent) && sent.Operation <= cut;
                sum += new FlashTear(isTold ? 1 : 0, isCut ? 1 : 0, isCut && wasSeen ? 1 : 0);
            }
        }

        return sum;
    }

    public override string ToString() => $"{Told} promised messages lost and told, {Cut} lost with the journal's end ({Again} of them seen upstream)";
}
