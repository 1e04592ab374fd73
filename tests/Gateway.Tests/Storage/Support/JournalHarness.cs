using System.Text;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Storage;

/// <summary>A journal with what a test needs around it; opens the same folder again after <see cref="CloseAsync"/>.</summary>
internal sealed class JournalHarness : IAsyncDisposable
{
    public const int SmallSegment = 256 << 10;
    public static readonly StreamId Telemetry = new("cloud", Lane.Telemetry);
    public static readonly StreamId Alarm = new("cloud", Lane.Alarm);

    private readonly string _data;
    private readonly IJournalFiles _files;
    private Journal? _journal;
    private long _copied;

    public JournalHarness(string data, IJournalFiles files, FakeTime? time = null)
    {
        (_data, _files, Time) = (data, files, time ?? new FakeTime());
        Clock = new FakeJournalClock(Time);
    }

    public FakeTime Time { get; }

    public FakeJournalClock Clock { get; private set; }

    public JournalOptions Options { get; set; } = new() { SegmentSize = SmallSegment };

    /// <summary>Of the last <see cref="Open"/>.</summary>
    public StorageMetrics Metrics { get; private set; } = null!;

    /// <summary>Bytes copied forward, since the first <see cref="Open"/>.</summary>
    public long CopiedBytes => _copied + Metrics.CopiedBytes;

    /// <summary>What the journal says.</summary>
    public RecordingLog Log { get; } = new();

    public Journal Journal => _journal ?? throw new InvalidOperationException("not open");

    public DurabilityProbe Durability { get; private set; } = null!;

    public IOutbox Outbox => Journal.Outbox;

    public Journal Open()
    {
        _copied += Metrics?.CopiedBytes ?? 0;
        Metrics = new StorageMetrics(Time);
        _journal = Journal.Open(_data, Options, Clock, Time, Metrics, Log, _files);
        Durability = new DurabilityProbe(_journal.Durability);
        return _journal;
    }

    public IOutboxStream Stream(StreamId? id = null, StreamLimits? limits = null) => Outbox.Open(id ?? Telemetry, limits ?? new StreamLimits());

    public async Task CloseAsync()
    {
        if (_journal is { } journal)
        {
            _journal = null;
            await journal.DisposeAsync();

            // A meter is known to the whole process until then, and with it the journal and the disk: 22 GB after 2,000 power cuts.
            Metrics.Dispose();
        }
    }

    public async Task<Journal> ReopenAsync()
    {
        await CloseAsync();
        return Open();
    }

    /// <summary>The machine starts anew: another boot id, boot time from zero.</summary>
    public async Task<Journal> RebootAsync(TimeSpan off)
    {
        await CloseAsync();
        Time.Advance(off);
        Clock = new FakeJournalClock(Time) { IsTrusted = Clock.IsTrusted };
        return Open();
    }

    public static MqttMessage Message(string topic, string payload, bool retain = false, MessageProperties? properties = null) => new()
    {
        Topic = topic,
        Payload = Encoding.UTF8.GetBytes(payload),
        Qos = QualityOfService.AtLeastOnce,
        Retain = retain,
        Properties = properties ?? MessageProperties.None,
    };

    public AppendResult Append(IOutboxStream stream, string payload, string topic = "t", bool retain = false, MessageProperties? properties = null, Urgency urgency = Urgency.Immediate) =>
        Outbox.Append(Message(topic, payload, retain, properties), [new OutboxTarget(stream, null)], urgency);

    public async Task AppendAsync(IOutboxStream stream, string payload, string topic = "t", bool retain = false, MessageProperties? properties = null)
    {
        var result = Append(stream, payload, topic, retain, properties);
        Assert.Equal(AppendStatus.Accepted, result.Status);
        Assert.True(await Durability.WaitAsync(result.Lsn));
    }

    /// <summary>Everything that can be read now, without acknowledging it.</summary>
    public static List<OutboxEntry> ReadAll(IOutboxStream stream)
    {
        var entries = new List<OutboxEntry>();
        for (var seq = 0UL; stream.TryRead(seq, out var entry); seq = entry.Seq + 1)
        {
            entries.Add(entry);
        }

        return entries;
    }

    public static string Text(OutboxEntry entry) => Encoding.UTF8.GetString(entry.Message.Payload.Span);

    /// <summary>Waits for so many turns of the journal's thread: what was asked of it before is done then.</summary>
    public async Task TurnsAsync(int count = 2)
    {
        for (var i = 0; i < count; i++)
        {
            var turns = Journal.Turns;
            Journal.Beat();
            while (Journal.Turns == turns)
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Waits for the segments that are made ahead, at their own pace.</summary>
    public async Task SparesAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Journal.Spares < SegmentPool.Wanted)
        {
            patience.Token.ThrowIfCancellationRequested();
            await TurnsAsync();
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();
}
