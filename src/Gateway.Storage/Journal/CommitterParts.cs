using Microsoft.Extensions.Logging;

namespace Gateway.Storage;

/// <summary>What the journal's thread works with.</summary>
internal sealed record CommitterParts(
    JournalOptions Options, IJournalClock Clock, TimeProvider Time, StorageMetrics Metrics, ILogger Log, IJournalFiles Files, uint SumStart,
    Appender Appender, SegmentSet Segments, SegmentPool Pool, Durability Durability, Wakeup Wakeup, Gathering Gathering, JournalRequests Requests, MarkFile Mark);
