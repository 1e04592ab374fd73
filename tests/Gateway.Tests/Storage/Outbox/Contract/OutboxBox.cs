using System.Text;
using Gateway.Mqtt;
using Gateway.Storage;
using Gateway.Tests.Support;

namespace Gateway.Tests.Storage;

/// <summary>An outbox of one kind in virtual time, with what a test of the contract needs around it.</summary>
internal abstract class OutboxBox : IAsyncDisposable
{
    /// <summary>A message alone in its commit takes a block.</summary>
    public const int Block = 4096;

    /// <summary>Larger than an entry may be.</summary>
    public const int TooLarge = 100 << 10;

    private static int s_bridges;

    /// <summary>Of this box alone: so its figures are found among those of all.</summary>
    private readonly string _bridge = $"bridge-{Interlocked.Increment(ref s_bridges)}";

    public FakeTime Time { get; } = new();

    public abstract IOutbox Outbox { get; }

    public abstract DurabilityProbe Durability { get; }

    /// <summary>How long an append that nobody waits for may stay in memory.</summary>
    public TimeSpan CommitWindow => JournalOptions.DefaultCommitWindow;

    public static OutboxBox Open(OutboxKind kind) => kind switch
    {
        OutboxKind.Memory => new MemoryBox(),
        OutboxKind.SimulatedDisk => new JournalBox("/data", new SimulatedDisk()),
        _ => JournalBox.OnRealDisk(),
    };

    public StreamId IdOf(Lane lane) => new(_bridge, lane);

    public IOutboxStream Stream(StreamLimits? limits = null, Lane lane = Lane.Telemetry) => Outbox.Open(IdOf(lane), limits ?? new StreamLimits());

    /// <summary>Closed and opened again in order; streams are to be opened anew.</summary>
    public abstract Task ReopenAsync();

    /// <summary>The machine was off; its wall clock can be trusted from now on or not.</summary>
    public abstract Task RebootAsync(TimeSpan off, bool trusted);

    /// <summary>Limits are enforced.</summary>
    public abstract Task SettleAsync();

    /// <summary>Messages dropped, as the metrics count them.</summary>
    public abstract ulong Counted(Lane lane, GapReason reason);

    public AppendResult Append(IOutboxStream stream, string payload, Urgency urgency = Urgency.Immediate, string topic = "t", bool retain = false, MessageProperties? properties = null) =>
        Outbox.Append(JournalHarness.Message(topic, payload, retain, properties), [new OutboxTarget(stream, null)], urgency);

    public async Task AppendAsync(IOutboxStream stream, string payload, string topic = "t", bool retain = false, uint? lifetime = null, Urgency urgency = Urgency.Immediate)
    {
        var properties = lifetime is null ? MessageProperties.None : new MessageProperties { MessageExpiryInterval = lifetime };
        var result = Append(stream, payload, urgency, topic, retain, properties);
        Assert.Equal(AppendStatus.Accepted, result.Status);
        if (urgency == Urgency.Immediate)
        {
            Assert.True(await Durability.WaitAsync(result.Lsn));
        }
    }

    /// <summary>m1 to m{count}, each durable by itself.</summary>
    public async Task FillAsync(IOutboxStream stream, int count, int from = 1)
    {
        for (var i = from; i < from + count; i++)
        {
            await AppendAsync(stream, $"m{i}");
        }
    }

    /// <summary>What was appended without anybody waiting is durable.</summary>
    public async Task PassWindowAsync(AppendResult last)
    {
        var durable = Durability.WaitAsync(last.Lsn);
        Time.Advance(CommitWindow);
        Assert.True(await durable);
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>Everything that can be read now: in flight from now on.</summary>
    public static List<OutboxEntry> ReadAll(IOutboxStream stream) => JournalHarness.ReadAll(stream);

    public static List<string> Texts(IEnumerable<OutboxEntry> entries) => [.. entries.Select(e => Encoding.UTF8.GetString(e.Message.Payload.Span))];

    public static (ulong From, ulong To, GapReason Reason)[] GapsOf(IOutboxStream stream) => [.. stream.Gaps.Select(g => (g.From, g.To, g.Reason))];

    /// <summary>The oldest number, the next, acknowledged, dropped.</summary>
    public static (ulong Oldest, ulong Next, ulong Acknowledged, ulong Dropped) Figures(IOutboxStream stream) =>
        (stream.Ledger.Oldest, stream.Ledger.Next, stream.Ledger.Acknowledged, stream.Ledger.Dropped);
}
