using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Empties the three streams of one bridge over one connection, the most urgent lane first, within upstream's Receive Maximum.</summary>
/// <remarks>
/// One task sends. Answers arrive on the client's reading task, are only noted there, and are settled by the sending task:
/// stream → window → PUBLISH … PUBACK → noted → settled → cursor moves → room in the window.
/// </remarks>
internal sealed class BridgeSender
{
    private readonly SenderContext _context;

    /// <summary>One for each <see cref="Lane"/>, in their order.</summary>
    private readonly LaneSender[] _lanes;
    private readonly Lock _lock = new();
    private List<(long Token, ReasonCode Reason)> _noted = [];
    private List<(long Token, ReasonCode Reason)> _settling = [];

    /// <summary>Entries that are still sent one by one, after a suspect passed.</summary>
    private int _careful;
    private bool _alone;
    private long _nextLedger;
    private long _answeredAt;

    public BridgeSender(SenderContext context, IReadOnlyList<IOutboxStream> streams)
    {
        _context = context;
        _lanes = [.. streams.OrderBy(static s => s.Id.Lane).Select(s => new LaneSender(s, context))];
    }

    public IReadOnlyList<LaneSender> Lanes => _lanes;

    /// <summary>Upstream has taken something on the last connection: the next attempt need not wait long.</summary>
    public bool HasProgress => Array.Exists(_lanes, static l => l.HasProgress);

    /// <summary>Notes an answer; <see cref="Wake"/> makes it count.</summary>
    public void OnPublished(long token, ReasonCode reason)
    {
        lock (_lock)
        {
            _noted.Add((token, reason));
        }
    }

    public void Wake() => _context.Wakeup.Set();

    /// <summary>Sends until cancelled, which is when the connection ends or the bridge stops.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="isIntroduced">Whether upstream has answered all that came before the messages: only then does an ending speak against the entry that was sent alone.</param>
    /// <param name="cancellation">The end.</param>
    public async Task RunAsync(MqttClient client, Func<bool> isIntroduced, CancellationToken cancellation)
    {
        lock (_lock)
        {
            _noted.Clear();
        }

        foreach (var lane in _lanes)
        {
            lane.Begin(client);
        }

        _alone = false;
        _nextLedger = _answeredAt = _context.Time.GetTimestamp();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = _context.Time.CreateTimer(static w => ((Wakeup)w!).Set(), _context.Wakeup, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (true)
            {
                Settle(client);
                TellLedgers();
                Watch(client);
                Fill(client, isIntroduced, watching.Token);
                timer.Change(UntilNext(client), Timeout.InfiniteTimeSpan);
                await _context.Wakeup.WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of this connection.
        }
        finally
        {
            await watching.CancelAsync();
            await Task.WhenAll(_lanes.Select(static l => l.WhenWatchEndsAsync()));
        }
    }

    /// <summary>Settles what was answered last, and judges what was in flight when the connection ended.</summary>
    /// <param name="client">The connection that ended.</param>
    /// <param name="blame">Upstream ended it, perhaps because of a message.</param>
    public void End(MqttClient client, bool blame)
    {
        Settle(client);
        foreach (var lane in _lanes)
        {
            lane.End(blame, _alone, _careful > 0);
        }
    }

    /// <summary>Where the streams stand, after <see cref="RunAsync"/> has ended and while the connection is still there.</summary>
    public IEnumerable<MqttMessage> LastLedgers(MqttClient client)
    {
        Settle(client);
        return _lanes.Select(static l => l.Ledger());
    }

    /// <summary>A peer that answers pings and no publishes would hold the window for ever.</summary>
    private void Watch(MqttClient client)
    {
        var now = _context.Time.GetTimestamp();
        if (client.Inflight == 0)
        {
            _answeredAt = now;
        }
        else if (_context.Time.GetElapsedTime(_answeredAt, now) >= _context.Tuning.AnswerTimeout)
        {
            client.GiveUp($"has not answered a publish for {_context.Tuning.AnswerTimeout.TotalSeconds:0.#} s");
        }
    }

    private void Settle(MqttClient client)
    {
        lock (_lock)
        {
            (_noted, _settling) = (_settling, _noted);
        }

        if (_settling.Count > 0)
        {
            _answeredAt = _context.Time.GetTimestamp();
        }

        foreach (var (packed, reason) in _settling)
        {
            var token = AnswerToken.Unpack(packed);
            var lane = _lanes[(int)token.Lane];
            if (token.Kind == AnswerKind.Message && _careful > 0)
            {
                _careful--;
            }

            if (lane.Answer(token, reason))
            {
                _careful = client.Window;
                _alone = false;
            }
        }

        _settling.Clear();
    }

    private void Fill(MqttClient client, Func<bool> isIntroduced, CancellationToken cancellation)
    {
        var suspicious = Array.Find(_lanes, static l => l.Suspect is not null);
        if (suspicious is not null)
        {
            if (client.Inflight == 0 && isIntroduced())
            {
                _alone = true;
                suspicious.SendSuspect(client);
            }

            return;
        }

        _alone = false;
        foreach (var lane in _lanes)
        {
            if (_careful > 0 && client.Inflight > 0)
            {
                return;
            }

            if (!lane.Fill(client, _careful > 0 ? 1 : int.MaxValue, cancellation))
            {
                return;
            }
        }
    }

    private void TellLedgers()
    {
        var now = _context.Time.GetTimestamp();
        if (now < _nextLedger)
        {
            return;
        }

        _nextLedger = now + Ticks(_context.Tuning.LedgerInterval);
        foreach (var lane in _lanes)
        {
            lane.TellLedger();
        }
    }

    /// <summary>Time until a held lane resumes, the ledgers are due, or the peer's answers are overdue.</summary>
    private TimeSpan UntilNext(MqttClient client)
    {
        var now = _context.Time.GetTimestamp();
        var due = client.Inflight > 0 ? Math.Min(_nextLedger, _answeredAt + Ticks(_context.Tuning.AnswerTimeout)) : _nextLedger;
        foreach (var lane in _lanes)
        {
            // One that is over and still there waits for the window, whose answers wake us.
            due = lane.HeldUntil is { } until && until > now ? Math.Min(due, until) : due;
        }

        var rest = TimeSpan.FromSeconds((due - now) / (double)_context.Time.TimestampFrequency);
        return rest > TimeSpan.FromMilliseconds(1) ? rest : TimeSpan.FromMilliseconds(1);
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _context.Time.TimestampFrequency);
}
