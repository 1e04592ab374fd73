using System.Diagnostics;
using Gateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Outbox;

/// <summary>The gateway's own journal with one stream. The publishers are one thread, as in the broker a connection's appends are: it sleeps until a commit acknowledges.</summary>
internal sealed class JournalQueue : IQueue, IDurabilityObserver
{
    /// <summary>Entries that the sender has in flight, as a bridge would.</summary>
    private const int Window = 1_000;

    private readonly StorageMetrics _metrics = new();
    private readonly AutoResetEvent _durable = new(false);
    private readonly Journal _journal;
    private readonly IOutboxStream _stream;
    private readonly OutboxTarget[] _targets;
    private ulong _next;

    /// <param name="folder">Where.</param>
    /// <param name="size">Bytes that the stream may take; then its oldest go, and their segments are used again.</param>
    public JournalQueue(string folder, long size = long.MaxValue)
    {
        _journal = Open(folder, _metrics);
        _journal.Durability.Register(this);
        _stream = _journal.Outbox.Open(new StreamId("cloud", Lane.Telemetry), new StreamLimits { Size = size });
        _targets = [new OutboxTarget(_stream, null)];
        _next = _stream.Ledger.Oldest;
    }

    public JournalReport Report => _journal.Report;

    public StreamLedger Ledger => _stream.Ledger;

    public static Journal Open(string folder, StorageMetrics metrics) =>
        Journal.Open(folder, new JournalOptions(), new BenchClock(), TimeProvider.System, metrics, NullLogger<Journal>.Instance);

    public long Append(int waiting, TimeSpan time, AckTimes acks)
    {
        var pending = new Queue<(long Lsn, long At)>(waiting);
        var count = 0L;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Stopwatch.GetElapsedTime(started) < time)
            {
                while (pending.Count < waiting)
                {
                    pending.Enqueue((AppendOne(Urgency.Immediate), Stopwatch.GetTimestamp()));
                }
            }
            else if (pending.Count == 0)
            {
                return count;
            }

            _durable.WaitOne();
            var (durable, now) = (_journal.Durability.DurableLsn, Stopwatch.GetTimestamp());
            while (pending.TryPeek(out var oldest) && oldest.Lsn <= durable)
            {
                acks.Add(now - oldest.At);
                pending.Dequeue();
                count++;
            }
        }
    }

    public void Fill(long count, int batch)
    {
        for (; count > 0; count -= batch)
        {
            AppendBatch((int)Math.Min(batch, count));
        }
    }

    public void Drain(long count)
    {
        for (; count > 0; count--)
        {
            if (!_stream.TryRead(_next, out var entry))
            {
                throw new InvalidOperationException("an entry is missing");
            }

            _next = entry.Seq + 1;
            _stream.Acknowledge(entry.Seq);
        }
    }

    public long AppendAndDrain(int waiting, TimeSpan time, AckTimes acks)
    {
        using var ending = new CancellationTokenSource();
        var draining = Task.Factory.StartNew(() => DrainUntil(ending.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var count = Append(waiting, time, acks);
        ending.Cancel();
        draining.Wait();
        return count;
    }

    public void Pass(int batch)
    {
        AppendBatch(batch);
        Drain(batch);
    }

    public void OnDurable(long lsn) => _durable.Set();

    public void OnFailed(long lsn) => throw new IOException("the journal failed");

    public void Dispose()
    {
        _journal.DisposeAsync().AsTask().Wait();
        _metrics.Dispose();
    }

    private long AppendOne(Urgency urgency) => _journal.Outbox.Append(Workload.Message, _targets, urgency) is { Status: AppendStatus.Accepted } result
        ? result.Lsn : throw new InvalidOperationException("an append was refused");

    private void AppendBatch(int count)
    {
        for (; count > 1; count--)
        {
            AppendOne(Urgency.Window);
        }

        for (var last = AppendOne(Urgency.Immediate); _journal.Durability.DurableLsn < last;)
        {
            _durable.WaitOne();
        }
    }

    /// <summary>What a bridge does: reads on while its window has room, and is answered the oldest first.</summary>
    private void DrainUntil(CancellationToken ending)
    {
        var flying = new Queue<ulong>(Window);
        while (!ending.IsCancellationRequested)
        {
            while (flying.Count < Window && _stream.TryRead(_next, out var entry))
            {
                _next = entry.Seq + 1;
                flying.Enqueue(entry.Seq);
            }

            if (flying.Count == 0)
            {
                try
                {
                    _stream.WaitAsync(_next, ending).AsTask().Wait(ending);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }

            while (flying.TryDequeue(out var seq))
            {
                _stream.Acknowledge(seq);
            }
        }
    }
}
