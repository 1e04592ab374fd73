using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Gateway.Storage;

/// <summary>The journal's and the outbox's figures, meter <c>EdgeGateway.Storage</c>.</summary>
public sealed class StorageMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Storage";

    private readonly Meter _meter;
    private readonly Counter<long> _appends;
    private readonly Counter<long> _commits;
    private readonly Histogram<double> _sync;
    private readonly Counter<long> _deviceBytes;
    private readonly Counter<long> _commitBytes;
    private readonly Counter<long> _payloadBytes;
    private readonly Counter<long> _copiedBytes;
    private readonly WearMeter _wear;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _failures;
    private long _copied;
    private Func<IEnumerable<StreamFigures>> _streams = static () => [];

    /// <param name="time">By which a day is measured.</param>
    /// <param name="endurance">Bytes that the card can be written in its life; null: not known.</param>
    public StorageMetrics(TimeProvider? time = null, long? endurance = null)
    {
        _wear = new WearMeter(time ?? TimeProvider.System);
        _meter = new Meter(MeterName);
        _appends = _meter.CreateCounter<long>("storage.appends", "{append}", "Messages and keyed facts appended to the journal.");
        _commits = _meter.CreateCounter<long>("storage.commits", "{commit}", "Commits that became durable.");
        _sync = _meter.CreateHistogram<double>("storage.sync.duration", "s", "Time inside fdatasync of a commit.");
        _deviceBytes = _meter.CreateCounter<long>("storage.device.bytes", "By", "Bytes written to the journal's files, by file: segment (commits), spare (zeros, ahead of use), mark, and state (what adapters keep).");
        _commitBytes = _meter.CreateCounter<long>(
            "storage.commit.bytes", "By", "Bytes of commits, by part: entries (messages), books (cursors, gaps, counters, keyed facts and what frames them), restated (the same, when a segment begins), padding (to whole blocks).");
        _payloadBytes = _meter.CreateCounter<long>("storage.payload.bytes", "By", "Bytes of topic and payload appended.");
        _copiedBytes = _meter.CreateCounter<long>("storage.copied.bytes", "By", "Bytes of the device's that were copies of old entries, so that their segments can be used again.");
        _dropped = _meter.CreateCounter<long>("storage.dropped", "{message}", "Messages that lie in gaps of a stream, by reason.");
        _refused = _meter.CreateCounter<long>("storage.refused", "{message}", "Messages that no stream took and whose publisher was told so, by reason and by the stream that had no room.");
        _failures = _meter.CreateCounter<long>("storage.failures", "{failure}", "Writes, syncs and reads that failed.");
        _meter.CreateObservableGauge("storage.wear.ratio", () => Known(Wear.Ratio), "1", "Bytes written per byte of topic and payload, over the last 24 hours or since the start.");
        _meter.CreateObservableGauge("storage.wear.daily", () => Known(Wear.Daily), "By", "Bytes written a day at the pace of the last 24 hours or since the start; after the first hour.");
        _meter.CreateObservableGauge(
            "storage.wear.years", () => Known(endurance is { } life ? Wear.Years(life) : null), "{year}", "Years in which gateway.storage-endurance is used up at that pace; only if it is set.");
        _meter.CreateObservableGauge("storage.stream.depth", () => Observe(static f => f.Depth), "{message}", "Messages that wait.");
        _meter.CreateObservableGauge("storage.stream.bytes", () => Observe(static f => f.Bytes), "By", "Bytes on disk of the messages that wait.");
        _meter.CreateObservableGauge("storage.stream.oldest", () => Observe(static f => f.OldestAge.TotalSeconds), "s", "Age of the oldest message that waits.");
    }

    /// <summary>Bytes that were written again so far, in commits that copied old entries forward.</summary>
    public long CopiedBytes => Interlocked.Read(ref _copied);

    internal Meter Meter => _meter;

    /// <summary>What was written to the files, and how fast.</summary>
    public WearFigures Wear => _wear.Figures;

    public void Dispose() => _meter.Dispose();

    internal void Observe(Func<IEnumerable<StreamFigures>> streams) => _streams = streams;

    internal void Appended(long payloadBytes)
    {
        _appends.Add(1);
        _payloadBytes.Add(payloadBytes);
        _wear.Appended(payloadBytes);
    }

    internal void Committed() => _commits.Add(1);

    internal void Synced(TimeSpan duration) => _sync.Record(duration.TotalSeconds);

    internal void Wrote(long bytes, string file)
    {
        _deviceBytes.Add(bytes, new KeyValuePair<string, object?>("file", file));
        _wear.Wrote(bytes);
    }

    /// <summary>Bytes of a <see cref="KeptFile"/>: they wear the card as the journal's do.</summary>
    public void WroteState(long bytes) => Wrote(bytes, "state");

    /// <summary>What a commit was made of.</summary>
    internal void Composed(in CommitHeader commit)
    {
        Part("entries", commit.EntryBytes);
        Part(commit.IsCheckpoint ? "restated" : "books", commit.Length - commit.EntryBytes);
        Part("padding", commit.Area - commit.Length);
    }

    private void Part(string name, long bytes) => _commitBytes.Add(bytes, new KeyValuePair<string, object?>("part", name));

    private static Measurement<double>[] Known(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    internal void Copied(long bytes)
    {
        Interlocked.Add(ref _copied, bytes);
        _copiedBytes.Add(bytes);
    }

    internal void Failed(string operation) => _failures.Add(1, new KeyValuePair<string, object?>("operation", operation));

    internal void Dropped(StreamId stream, GapReason reason, ulong count)
    {
        if (count > 0)
        {
            _dropped.Add((long)count, new TagList { { "stream", stream.ToString() }, { "reason", reason.Name() } });
        }
    }

    /// <summary>One that lies in no gap, since there are too many already.</summary>
    internal void DroppedUntold(StreamId stream) => _dropped.Add(1, new TagList { { "stream", stream.ToString() }, { "reason", "untold" } });

    internal void Refused(StreamId stream, string reason) => _refused.Add(1, new TagList { { "stream", stream.ToString() }, { "reason", reason } });

    private IEnumerable<Measurement<T>> Observe<T>(Func<StreamFigures, T> figure)
        where T : struct =>
        _streams().Select(f => new Measurement<T>(figure(f), new KeyValuePair<string, object?>("stream", f.Stream.ToString())));
}

internal readonly record struct StreamFigures(StreamId Stream, long Depth, long Bytes, TimeSpan OldestAge);
