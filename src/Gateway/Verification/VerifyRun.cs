using Gateway.Mqtt;

namespace Gateway.Verification;

/// <summary>One run of <c>verify</c> against a broker: listens, shows how it goes, and knows when it is over.</summary>
/// <param name="audit">Follows the rules.</param>
/// <param name="servers">How to connect, in order.</param>
/// <param name="filters">What to subscribe.</param>
/// <param name="time">The clock.</param>
internal sealed class VerifyRun(IdentityAudit audit, IReadOnlyList<MqttClientOptions> servers, IReadOnlyList<string> filters, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    /// <summary>2 s in which nothing is open: the ledgers of a gateway's streams come one after another.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    /// <summary>10 s if something is missing: gaps may come after the ledger that counts them.</summary>
    private static readonly TimeSpan s_settledMissing = TimeSpan.FromSeconds(10);

    /// <summary>3 s when it is ended with something missing, for the same reason.</summary>
    private static readonly TimeSpan s_lastWord = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private int _interruptions;

    /// <summary>End once nothing is open.</summary>
    public bool UntilComplete { get; init; }

    /// <summary>End after this; null: when <c>stop</c> says so.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>Called about once a second with how it goes, in one line.</summary>
    public required Action<string> Show { get; init; }

    /// <returns>The result, or why there is none.</returns>
    public async Task<(AuditResult? Result, string? Failure)> RunAsync(CancellationToken stop)
    {
        var started = time.GetTimestamp();
        var watch = new UpstreamWatch(servers, filters, time) { Message = See, Interrupted = Interrupt };
        using var end = new CancellationTokenSource();
        try
        {
            var (failure, listening) = await watch.StartAsync(stop, end.Token).ConfigureAwait(false);
            if (failure is not null)
            {
                return (null, failure);
            }

            await WaitAsync(watch, started, stop).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            await listening.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl+C while it still connected.
        }

        return (new AuditResult(audit, UntilComplete, time.GetElapsedTime(started), watch.Losses, _interruptions), null);
    }

    private void See(MqttMessage message, bool replayed)
    {
        lock (_lock)
        {
            audit.See(message, replayed);
        }
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            _interruptions++;
            audit.Interrupt();
        }
    }

    private async Task WaitAsync(UpstreamWatch watch, long started, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(s_look, time);
        long? settled = null;
        var shown = started;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var elapsed = time.GetElapsedTime(started);
                var (line, isSettled, missing) = Look(watch, elapsed);
                if (time.GetElapsedTime(shown) >= TimeSpan.FromSeconds(1))
                {
                    shown = time.GetTimestamp();
                    Show(line);
                }

                settled = isSettled && watch.IsListening ? settled ?? time.GetTimestamp() : null;
                if (elapsed >= Limit || (UntilComplete && settled is { } since && time.GetElapsedTime(since) >= (missing ? s_settledMissing : s_settled)))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C: the report follows.
        }

        var ended = time.GetTimestamp();
        while (watch.IsListening && Look(watch, default).Missing && time.GetElapsedTime(ended) < s_lastWord)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private (string Line, bool IsSettled, bool Missing) Look(UpstreamWatch watch, TimeSpan elapsed)
    {
        lock (_lock)
        {
            var line = $"{elapsed:hh\\:mm\\:ss}  received {audit.Received}  missing {audit.Missing}  conflicts {audit.Conflicts}  dropped {audit.Dropped}  open {audit.Open}"
                + $"  duplicates {audit.Duplicates}  streams {audit.Streams.Count()}{(watch.Problem is { } problem ? $"  ({problem})" : "")}";
            return (line, audit.IsSettled, audit.Missing > 0);
        }
    }
}
