using System.Diagnostics;

namespace Gateway.Benchmarks.Outbox;

/// <summary>A queue in SQLite: one row per message, or one row per batch ("segments of rows"). A transaction for as many messages as publishers wait, as a batching writer would do it.</summary>
internal sealed unsafe class SqliteQueue : IQueue
{
    /// <summary>Messages forgotten in one transaction when it only drains: as many as acknowledgements after which our cursor is written.</summary>
    private const int DrainBatch = 1_000;

    private readonly Sqlite _sqlite;
    private readonly bool _segments;
    private readonly nint _begin;
    private readonly nint _commit;
    private readonly nint _insert;
    private readonly nint _select;
    private readonly nint _delete;

    public SqliteQueue(string folder, bool segments)
    {
        _segments = segments;
        _sqlite = new Sqlite(Path.Combine(folder, "queue.db"));
        _sqlite.Run(_sqlite.Prepare("CREATE TABLE queue (seq INTEGER PRIMARY KEY, topic TEXT, payload BLOB)"));
        _begin = _sqlite.Prepare("BEGIN IMMEDIATE");
        _commit = _sqlite.Prepare("COMMIT");
        _insert = _sqlite.Prepare("INSERT INTO queue (topic, payload) VALUES (?1, ?2)");
        _select = _sqlite.Prepare("SELECT seq, topic, payload FROM queue ORDER BY seq LIMIT ?1");
        _delete = _sqlite.Prepare("DELETE FROM queue WHERE seq <= ?1");
    }

    public long Append(int waiting, TimeSpan time, AckTimes acks) => Append(waiting, time, acks, drain: false);

    public long AppendAndDrain(int waiting, TimeSpan time, AckTimes acks) => Append(waiting, time, acks, drain: true);

    public void Fill(long count, int batch)
    {
        for (; count > 0; count -= batch)
        {
            _sqlite.Run(_begin);
            Insert((int)Math.Min(batch, count));
            _sqlite.Run(_commit);
        }
    }

    public void Drain(long count)
    {
        while (count > 0)
        {
            _sqlite.Run(_begin);
            count -= Remove(DrainBatch);
            _sqlite.Run(_commit);
        }
    }

    public void Pass(int batch)
    {
        _sqlite.Run(_begin);
        Insert(batch);
        Remove(batch);
        _sqlite.Run(_commit);
    }

    public void Dispose() => _sqlite.Dispose();

    private long Append(int waiting, TimeSpan time, AckTimes acks, bool drain)
    {
        var count = 0L;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time; count += waiting)
        {
            var before = Stopwatch.GetTimestamp();
            if (drain)
            {
                Pass(waiting);
            }
            else
            {
                Fill(waiting, waiting);
            }

            acks.Add(Stopwatch.GetTimestamp() - before, waiting);
        }

        return count;
    }

    private void Insert(int count)
    {
        var rows = _segments ? 1 : count;
        var repeats = _segments ? count : 1;
        var row = new byte[repeats * Workload.Bytes];
        for (var i = 0; i < repeats; i++)
        {
            Workload.Payload.CopyTo(row, i * Workload.Bytes);
        }

        fixed (byte* topic = Workload.TopicBytes, payload = row)
        {
            for (; rows > 0; rows--)
            {
                _sqlite.Bind(_insert, 1, topic, Workload.TopicBytes.Length, text: true);
                _sqlite.Bind(_insert, 2, payload, _segments ? row.Length : Workload.Payload.Length);
                _sqlite.Run(_insert);
            }
        }
    }

    /// <summary>Reads messages as copies, as a sender needs them, and deletes them.</summary>
    private int Remove(int count)
    {
        var (last, removed) = (0L, 0);
        _sqlite.Bind(_select, 1, _segments ? 1 : count);
        while (_sqlite.Next(_select))
        {
            last = Sqlite.Int64(_select, 0);
            _ = Sqlite.Bytes(_select, 1).ToArray();
            var row = Sqlite.Bytes(_select, 2);
            var size = _segments ? Workload.Bytes : row.Length;
            for (; row.Length >= size; row = row[size..])
            {
                _ = row[..Workload.Payload.Length].ToArray();
                removed++;
            }
        }

        _sqlite.Bind(_delete, 1, last);
        _sqlite.Run(_delete);
        return removed;
    }
}
