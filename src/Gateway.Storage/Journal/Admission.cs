namespace Gateway.Storage;

/// <summary>Whether there is room for a message: in memory, on the disk, in the streams that want it. Guarded by the appender.</summary>
internal sealed class Admission(JournalOptions options, StorageMetrics metrics, Wakeup wakeup)
{
    /// <summary>A thirty-second of its size must be free before a full stream takes again.</summary>
    private const int SkippingReserve = 32;
    private const string NoMemory = "no-memory";

    /// <summary>What the disk takes.</summary>
    public Intake Intake { get; set; }

    /// <summary>Somebody waits: is told what is in the way, if anything, and may try again; no stream takes it then.</summary>
    public AppendResult? TryRefuse(Batch batch, long bound, ReadOnlySpan<OutboxTarget> targets)
    {
        if (Intake == Intake.Failed)
        {
            return new AppendResult(AppendStatus.Failed, 0);
        }

        foreach (var target in targets)
        {
            var stream = (OutboxStream)target.Stream;
            var why = bound > options.EntryLimit ? "too-large"
                : Intake == Intake.Full ? "disk-full"
                : stream.Limits is { WhenFull: WhenFull.Refuse } && !HasRoom(stream, bound) ? "full"
                : !HasMemory(batch, bound) ? NoMemory
                : null;
            if (why is not null)
            {
                metrics.Refused(stream.Id, why);
                if (why == NoMemory)
                {
                    wakeup.Commit();
                }

                return new AppendResult(AppendStatus.Refused, 0);
            }
        }

        return null;
    }

    /// <summary>Whether the batch may grow by so many bytes.</summary>
    public bool HasMemory(Batch batch, long bytes) => batch.Buffer.Length + bytes <= options.BatchLimit;

    /// <summary>Whether the stream has room, the blocks of two commits included. Once it had none, there must be some in reserve: numbers that are taken and
    /// missing by turns would each be a gap.</summary>
    /// <remarks>A stream that its bridge has let go of meanwhile is kept as it is, with what was on its way.</remarks>
    public static bool HasRoom(OutboxStream stream, long bytes)
    {
        if (stream.Limits is not { Size: var limit })
        {
            return true;
        }

        var pending = stream.Pending;
        var needed = stream.Bytes + Layout.Align(pending.Bytes + bytes) + Layout.Block + (pending.IsSkipping ? limit / SkippingReserve : 0);
        return needed <= limit && !(pending.IsSkipping && stream.Untold >= Progress.MostGaps);
    }
}
