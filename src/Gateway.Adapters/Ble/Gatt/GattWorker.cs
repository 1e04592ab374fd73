using System.Threading.Channels;
using Gateway.Configuration;
using Gateway.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Adapters.Ble;

/// <summary>Reads, writes and listens to the characteristics of one device: connects when something is due, lets go when nothing is, stays while something is to be told.</summary>
/// <param name="run">The device.</param>
/// <param name="radio">Connects.</param>
/// <param name="where">Under which address it is there now; null: it has not been heard.</param>
/// <param name="post">Has things done by the adapter's task, to which readings and states belong.</param>
/// <param name="sink">Takes readings; only by <paramref name="post"/>.</param>
/// <param name="metrics">Counts connections.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Gets writes.</param>
internal sealed class GattWorker(
    BleDeviceRun run, IBleRadio radio, Func<BleAddress?> where, Func<Action, CancellationToken, ValueTask> post, IReadingSink sink, BleMetrics metrics, TimeProvider time, ILogger log)
{
    /// <summary>16: more waiting commands than that are older than anybody wants when their turn comes.</summary>
    private const int MostWrites = 16;

    /// <summary>10 s, doubled with every failure: connecting takes the radio away from listening.</summary>
    private static readonly TimeSpan s_firstRetry = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_longestRetry = TimeSpan.FromMinutes(5);

    /// <summary>30 s: BlueZ connects to what it has heard lately, and at the start it has heard nobody.</summary>
    private static readonly TimeSpan s_firstPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    private readonly Channel<GattWrite> _writes = Channel.CreateBounded<GattWrite>(new BoundedChannelOptions(MostWrites) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly List<GattPointRun> _points = [.. run.Options.Points.Where(static p => p.Address is GattPoint).Select(p => new GattPointRun(p, time.GetTimestamp()))];

    private readonly long _begun = time.GetTimestamp();

    private IGattConnection? _connection;
    private int _failures;
    private long _notBefore;

    public async ValueTask<WriteResult> WriteAsync(PointOptions point, PointValue value, CancellationToken cancellation)
    {
        if (_points.Find(p => p.Options.Id == point.Id) is not { } target)
        {
            return new(false, $"{point.Id} is no characteristic", null);
        }

        if (target.Encode(value, out var bytes) is { } problem)
        {
            return new(false, problem, null);
        }

        var write = new GattWrite(target, value, bytes);
        if (!_writes.Writer.TryWrite(write))
        {
            return new(false, _writes.Reader.Completion.IsCompleted ? "the link has stopped" : "busy: too many writes wait for this device", null);
        }

        try
        {
            return await write.Result.Task.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (!write.TryStart())
        {
            // It is on its way: finishing it is quicker than explaining what is not known.
            return await write.Result.Task;
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await WaitAsync(cancellation);
                if (_connection is { Ended.IsCompleted: true })
                {
                    await LetGoAsync("disconnected", cancellation);
                }

                await WorkAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopped.
        }
        finally
        {
            if (_connection is not null)
            {
                await _connection.DisposeAsync();
                _connection = null;
            }
        }
    }

    /// <summary>Nothing is written any more; who waits is told so.</summary>
    public void Stop()
    {
        _writes.Writer.TryComplete();
        FailWrites("the link has stopped");
    }

    private bool StaysConnected => _points.Exists(static p => p.Address.IsNotified);

    private async Task WaitAsync(CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        var due = _points.Count == 0 ? long.MaxValue : Math.Max(_notBefore, _points.Min(p => p.IsSubscribed ? long.MaxValue : p.DueAt));
        if (due <= now || _writes.Reader.TryPeek(out _))
        {
            return;
        }

        var pause = due == long.MaxValue ? s_longestWait : TimeSpan.FromTicks(Math.Min(time.GetElapsedTime(now, due).Ticks + 1, s_longestWait.Ticks));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waits = new List<Task> { Task.Delay(pause, time, over.Token), _writes.Reader.WaitToReadAsync(over.Token).AsTask() };
        if (_connection is not null)
        {
            waits.Add(_connection.Ended);
        }

        await Task.WhenAny(waits);
        await over.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        var due = _points.Where(p => !p.IsSubscribed && p.DueAt <= time.GetTimestamp()).ToList();
        if ((due.Count == 0 || time.GetTimestamp() < _notBefore) && !_writes.Reader.TryPeek(out _))
        {
            return;
        }

        if (_connection is null && !run.HasBeenHeard && !_writes.Reader.TryPeek(out _) && time.GetElapsedTime(_begun) < s_firstPatience)
        {
            _notBefore = time.GetTimestamp() + Ticks(TimeSpan.FromSeconds(1));
            return;
        }

        if (_connection is null && await OpenAsync(cancellation) is { } failure)
        {
            FailWrites(failure);
            await LoseAsync(due, failure, cancellation);
            return;
        }

        while (_writes.Reader.TryRead(out var write))
        {
            if (write.TryStart())
            {
                await WriteAsync(_connection!, write, cancellation);
            }
        }

        foreach (var point in due)
        {
            await ReadAsync(_connection!, point, cancellation);
        }

        if (!StaysConnected && !_writes.Reader.TryPeek(out _))
        {
            await LetGoAsync(null, cancellation);
        }
    }

    /// <returns>Why there is no connection; null: there is.</returns>
    private async Task<string?> OpenAsync(CancellationToken cancellation)
    {
        if (where() is not { } address)
        {
            return Postpone("not heard yet, so there is nothing to connect to");
        }

        PairingCode? pairing = null;
        if (run.Device.Pairing is { } wanted)
        {
            if (!TryPasskey(wanted.Passkey, out pairing, out var problem))
            {
                return Postpone(problem);
            }
        }

        var opening = await radio.ConnectAsync(address, pairing, cancellation);
        metrics.Connected(opening.Connection is not null);
        if (opening.Connection is not { } connection)
        {
            return Postpone(opening.Reason ?? "no connection");
        }

        _connection = connection;
        (_failures, _notBefore) = (0, 0);
        await post(() => run.Heard.IsConnected = true, cancellation);
        return null;
    }

    private static bool TryPasskey(Secret? secret, out PairingCode? pairing, out string problem)
    {
        pairing = new(null);
        problem = "";
        if (secret is null)
        {
            return true;
        }

        if (secret.TryRead(out var why) is not { } text)
        {
            problem = $"the passkey cannot be read: {why}";
            return false;
        }

        if (text.Trim() is not { Length: 6 } digits || digits.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
        {
            problem = "the passkey is not six digits";
            return false;
        }

        pairing = new(int.Parse(digits, System.Globalization.CultureInfo.InvariantCulture));
        return true;
    }

    private string Postpone(string reason)
    {
        var pause = TimeSpan.FromTicks(Math.Min(s_firstRetry.Ticks << Math.Min(_failures++, 16), s_longestRetry.Ticks));
        _notBefore = time.GetTimestamp() + Ticks(pause);
        return reason;
    }

    private async Task ReadAsync(IGattConnection connection, GattPointRun point, CancellationToken cancellation)
    {
        var now = time.GetTimestamp();
        point.DueAt = Math.Max(point.DueAt + Ticks(point.Options.Every), now);
        var reply = await connection.ReadAsync(point.Address.At, cancellation);
        if (reply.IsOk)
        {
            await ReportAsync(point, reply.Value, cancellation);
        }
        else if (!point.Address.IsNotified)
        {
            // Many characteristics that notify cannot be read: then the first value is the first notification.
            await LoseAsync([point], reply.Reason!, cancellation);
        }

        if (point is { Address.IsNotified: true, IsSubscribed: false } && !connection.Ended.IsCompleted)
        {
            var subscribed = await connection.SubscribeAsync(point.Address.At, bytes => Notified(point, bytes, cancellation), cancellation);
            point.IsSubscribed = subscribed.IsOk;
            if (!subscribed.IsOk)
            {
                await LoseAsync([point], subscribed.Reason!, cancellation);
            }
        }
    }

    private void Notified(GattPointRun point, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        // The adapter's queue takes it at once unless it is full, and then what a device says by itself is dropped like advertisements are.
        var posting = ReportAsync(point, bytes.ToArray(), cancellation);
        if (!posting.IsCompletedSuccessfully)
        {
            metrics.Dropped();
        }
    }

    private async ValueTask WriteAsync(IGattConnection connection, GattWrite write, CancellationToken cancellation)
    {
        var (device, point) = (run.Options.Id, write.Point.Options.Id);
        var reply = await connection.WriteAsync(write.Point.Address.At, write.Bytes, cancellation);
        if (!reply.IsOk)
        {
            log.WriteFailed(device, point, write.Value.ToString(), reply.Reason!);
            write.Result.TrySetResult(new(false, reply.Reason, null));
            return;
        }

        // Many characteristics can only be written: then there is nothing to compare.
        var back = await connection.ReadAsync(write.Point.Address.At, cancellation);
        if (!back.IsOk)
        {
            log.Written(device, point, write.Value.ToString());
            write.Result.TrySetResult(new(true, null, null));
            return;
        }

        await post(() => Conclude(write, back.Value), cancellation);
    }

    /// <summary>Compares what was written with what was read back. By the adapter's task.</summary>
    private void Conclude(GattWrite write, ReadOnlyMemory<byte> bytes)
    {
        var reading = write.Point.Report(bytes, sink, time.GetTimestamp(), time.GetUtcNow());
        if (bytes.Span.SequenceEqual(write.Bytes.Span))
        {
            log.Written(run.Options.Id, write.Point.Options.Id, write.Value.ToString());
            write.Result.TrySetResult(new(true, null, reading.Value));
            return;
        }

        var reason = $"it holds {reading.Value} afterwards";
        log.WriteFailed(run.Options.Id, write.Point.Options.Id, write.Value.ToString(), reason);
        write.Result.TrySetResult(new(false, reason, reading.Value));
    }

    private ValueTask ReportAsync(GattPointRun point, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) => post(
        () =>
        {
            point.Report(bytes, sink, time.GetTimestamp(), time.GetUtcNow());
            run.Heard.HeardAgain(new());
        },
        cancellation);

    private ValueTask LoseAsync(IReadOnlyList<GattPointRun> points, string reason, CancellationToken cancellation)
    {
        foreach (var point in points)
        {
            point.DueAt = Math.Max(point.DueAt + Ticks(point.Options.Every), time.GetTimestamp());
        }

        return post(
            () =>
            {
                foreach (var point in points)
                {
                    sink.Report(point.Lose(reason, time.GetUtcNow()));
                }
            },
            cancellation);
    }

    /// <param name="reason">Why it is gone; null: nothing is to be done any more.</param>
    /// <param name="cancellation">Ends the wait.</param>
    private async Task LetGoAsync(string? reason, CancellationToken cancellation)
    {
        await _connection!.DisposeAsync();
        _connection = null;
        await post(() => run.Heard.IsConnected = false, cancellation);
        var lost = _points.Where(static p => p.IsSubscribed).ToList();
        lost.ForEach(static p => p.IsSubscribed = false);
        if (reason is not null)
        {
            Postpone(reason);
            await LoseAsync(lost, reason, cancellation);
            lost.ForEach(p => p.DueAt = time.GetTimestamp());
        }
    }

    private void FailWrites(string reason)
    {
        while (_writes.Reader.TryRead(out var write))
        {
            if (write.TryStart())
            {
                log.WriteFailed(run.Options.Id, write.Point.Options.Id, write.Value.ToString(), reason);
                write.Result.TrySetResult(new(false, reason, null));
            }
        }
    }

    private long Ticks(TimeSpan span) => Adapters.Ticks.Of(time, span);
}
