using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

internal sealed class JournalBox : OutboxBox
{
    private readonly JournalHarness _journal;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(string Stream, string Reason), long> _dropped = [];
    private readonly string? _folder;

    public JournalBox(string folder, IJournalFiles files, string? owned = null)
    {
        _folder = owned;
        _journal = new JournalHarness(folder, files, Time);
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: StorageMetrics.MeterName, Name: "storage.dropped" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(static t => t.Key, static t => (string)t.Value!);
            _dropped.AddOrUpdate((named["stream"], named["reason"]), value, (_, before) => before + value);
        });
        _listener.Start();
        _journal.Open();
    }

    public override IOutbox Outbox => _journal.Outbox;

    public override DurabilityProbe Durability => _journal.Durability;

    public static JournalBox OnRealDisk()
    {
        var folder = Directory.CreateTempSubdirectory("outbox-").FullName;
        return new JournalBox(folder, new DiskFiles(), folder);
    }

    public override Task ReopenAsync() => _journal.ReopenAsync();

    public override Task RebootAsync(TimeSpan off, bool trusted)
    {
        _journal.Clock.IsTrusted = trusted;
        return _journal.RebootAsync(off);
    }

    public override async Task SettleAsync()
    {
        // Ages are looked at every 5 s.
        Time.Advance(TimeSpan.FromSeconds(5));
        await _journal.TurnsAsync();
    }

    public override ulong Counted(Lane lane, GapReason reason) => (ulong)_dropped.GetValueOrDefault((IdOf(lane).ToString(), reason.Name()));

    public override async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _listener.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
