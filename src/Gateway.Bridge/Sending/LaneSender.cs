using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>Sends one stream in order. All calls come from the bridge's sending task.</summary>
internal sealed class LaneSender(IOutboxStream stream, SenderContext context)
{
    private readonly GapTeller _gaps = new(stream, context);
    private readonly PoisonWatch _poison = new();
    private readonly Backoff _backoff = new(context.Tuning.FirstRetry, context.Tuning.LongestRetry, Random.Shared.NextDouble);
    private readonly IdentityStamp _stamp = new(context.GatewayId, stream.Id);
    private readonly SortedSet<ulong> _again = [];
    private InflightRing _ring = new(1);
    private ulong _next = 1;
    private ulong _dropped;
    private bool _ledgerDue;
    private long _unheard;
    private bool _unheardTold;
    private Task _watch = Task.CompletedTask;
    private volatile bool _isWatched;
    private volatile string? _held;

    public IOutboxStream Stream => stream;

    public ulong? Suspect => _poison.Suspect;

    /// <summary>When sending resumes, as a timestamp; null: it is not held.</summary>
    public long? HeldUntil { get; private set; }

    /// <summary>Upstream has taken something on this connection.</summary>
    public bool HasProgress { get; private set; }

    /// <summary>Why upstream holds this lane back; null: it does not.</summary>
    public string? Held => _held;

    /// <summary>Entries that upstream has taken and had no subscriber for (0x10), since the start.</summary>
    public long Unheard => Interlocked.Read(ref _unheard);

    /// <summary>A new connection: everything that was not acknowledged is sent again, from the cursor.</summary>
    public void Begin(MqttClient client)
    {
        stream.Rewind();
        _ring = new InflightRing(client.Window);
        _next = stream.Ledger.Oldest;
        _again.Clear();
        _gaps.Begin();
        HeldUntil = null;
        HasProgress = false;
        _unheardTold = false;
    }

    /// <summary>Sends what fits.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="limit">Entries at most.</param>
    /// <param name="cancellation">The end of the connection.</param>
    /// <returns>false: the window is full, and lanes of less urgency must wait too.</returns>
    public bool Fill(MqttClient client, int limit, CancellationToken cancellation)
    {
        if (HeldUntil is { } until && context.Time.GetTimestamp() < until)
        {
            return true;
        }

        HeldUntil = null;
        LookForGaps();
        if (_ledgerDue && !TrySendLedger(client))
        {
            return false;
        }

        for (; limit > 0; limit--)
        {
            if (_ring.IsFull || client.Inflight >= client.Window)
            {
                return false;
            }

            if (!TryTake(out var entry))
            {
                var told = !_gaps.IsDue(_next) || _gaps.Send(client, _next);
                Watch(cancellation);
                return told;
            }

            // A backend learns that a number is missing before it sees the next one. What cannot go now is read again: its life goes on meanwhile.
            if ((_gaps.IsDue(entry.Seq) && !_gaps.Send(client, entry.Seq)) || !TrySend(client, entry))
            {
                _again.Add(entry.Seq);
                return false;
            }
        }

        return true;
    }

    /// <summary>Sends the suspect by itself, once the gaps before it are told.</summary>
    public void SendSuspect(MqttClient client)
    {
        var seq = _poison.Suspect!.Value;
        if (_gaps.IsDue(seq) && (!_gaps.Send(client, seq) || client.Inflight > 0))
        {
            return;
        }

        if (!stream.TryRead(seq, out var entry) || entry.Seq != seq)
        {
            _poison.Passed(seq);
            _gaps.Look();
            context.Wakeup.Set();
            return;
        }

        TrySend(client, entry);
    }

    /// <summary>The ledger goes out before the next entry.</summary>
    public void TellLedger() => _ledgerDue = true;

    /// <summary>The stream's figures, for upstream.</summary>
    public MqttMessage Ledger() => new() { Topic = context.Topics.Stream(stream.Id), Payload = StreamReports.Ledger(stream.Epochs, context.Time.GetUtcNow()) };

    /// <summary>Upstream answered.</summary>
    /// <returns>true: a suspect passed; its neighbours deserve care.</returns>
    public bool Answer(AnswerToken token, ReasonCode reason)
    {
        switch (token.Kind)
        {
            case AnswerKind.Gap:
                if (!_gaps.Answer(token.Place, reason))
                {
                    Hold(reason);
                }

                return false;
            case AnswerKind.Ledger:
                if (reason.IsFailure())
                {
                    var ledger = context.Topics.Stream(stream.Id);
                    context.Alerts.Raise("refused", ledger, $"upstream refuses the ledger on {ledger} with 0x{(byte)reason:X2} {reason}", "allow this client to publish there");
                }

                return false;
            default:
                var (seq, topic) = _ring.Complete(token.Place);
                Settle(seq, topic, reason);
                return _poison.Passed(seq);
        }
    }

    /// <summary>The connection ended.</summary>
    /// <param name="blame">Upstream ended it, perhaps because of a message.</param>
    /// <param name="alone">A suspect had been sent alone.</param>
    /// <param name="careful">Entries were sent one by one.</param>
    public void End(bool blame, bool alone, bool careful)
    {
        var oldest = _ring.Oldest;
        _ring = new InflightRing(1);
        if (blame && _poison.ConnectionEnded(oldest, alone, careful))
        {
            Drop(oldest!.Value, GapReason.Poison, "poison", $"entry {stream.Identify(oldest!.Value).Number} of {stream.Id} ended the connection every time it was sent, at last alone",
                "look at upstream's log for what it dislikes (topic, payload, size)");
        }
    }

    /// <summary>Waits for the task that watches the stream.</summary>
    public Task WhenWatchEndsAsync() => _watch;

    private void Settle(ulong seq, string topic, ReasonCode reason)
    {
        switch (Verdicts.Of(reason))
        {
            case Verdict.Done:
                stream.Acknowledge(seq);
                context.Metrics.Acknowledged(stream.Id, reason == ReasonCode.NoMatchingSubscribers);
                _backoff.Reset();
                HasProgress = true;
                _held = null;
                if (reason == ReasonCode.NoMatchingSubscribers)
                {
                    Unlistened(topic);
                }

                break;
            case Verdict.Never:
                Drop(seq, GapReason.Refused, "refused", $"upstream refuses entry {stream.Identify(seq).Number} of {stream.Id} on {topic} with 0x{(byte)reason:X2} {reason}",
                    reason == ReasonCode.NotAuthorized ? "allow this client to publish on that topic upstream, or leave the topic out of forward" : "leave the topic out of forward");
                break;
            default:
                _again.Add(seq);
                Hold(reason);
                break;
        }
    }

    private void Unlistened(string topic)
    {
        Interlocked.Increment(ref _unheard);
        if (!_unheardTold)
        {
            _unheardTold = true;
            BridgeLog.Unheard(context.Logger, stream.Id, topic);
        }
    }

    private void Hold(ReasonCode reason)
    {
        if (HeldUntil is not null)
        {
            return;
        }

        var delay = _backoff.Next();
        HoldFor(delay);
        _held = $"upstream answers 0x{(byte)reason:X2} {reason}";
        context.Metrics.Held(stream.Id);
        BridgeLog.Held(context.Logger, stream.Id, (byte)reason, reason, delay);
    }

    private void HoldFor(TimeSpan delay) => HeldUntil = context.Time.GetTimestamp() + (long)(delay.TotalSeconds * context.Time.TimestampFrequency);

    private void Drop(ulong seq, GapReason reason, string kind, string text, string remedy)
    {
        stream.Abandon(seq, reason);
        _gaps.Look();
        context.Metrics.Abandoned(stream.Id, reason);
        context.Alerts.Raise(kind, stream.Id.ToString(), text, remedy);
        context.Wakeup.Set();
    }

    /// <summary>What was dropped at the cursor while nothing was there to be sent.</summary>
    private void LookForGaps()
    {
        var dropped = stream.Ledger.Dropped;
        if (dropped != _dropped)
        {
            _dropped = dropped;
            _gaps.Look();
        }
    }

    private bool TryTake(out OutboxEntry entry)
    {
        while (_again.Count > 0)
        {
            var seq = _again.Min;
            _again.Remove(seq);

            // A disk that comes back between the read and the question would make what waits look gone: then the second read, of a disk that works, finds it.
            if (IsThere(seq, out entry) || (!stream.IsPaused && IsThere(seq, out entry)))
            {
                return true;
            }

            if (stream.IsPaused)
            {
                // The disk cannot be read: it stays the next one.
                _again.Add(seq);
                HoldFor(_backoff.Next());
                return false;
            }

            _gaps.Look();
        }

        while (!stream.TryRead(_next, out entry))
        {
            var oldest = stream.Ledger.Oldest;
            if (oldest <= _next)
            {
                return false;
            }

            _next = oldest;
            _gaps.Look();
        }

        if (entry.Seq != _next)
        {
            _gaps.Look();
        }

        _next = entry.Seq + 1;
        return true;
    }

    private bool IsThere(ulong seq, out OutboxEntry entry) => stream.TryRead(seq, out entry) && entry.Seq == seq;

    /// <returns>false: not now.</returns>
    private bool TrySend(MqttClient client, in OutboxEntry entry)
    {
        var (message, stamp) = _stamp.On(entry.Message, stream.Identify(entry.Seq));
        if (!ReferenceEquals(message.Topic, entry.Topic))
        {
            message = message with { Topic = entry.Topic };
        }

        var token = new AnswerToken(stream.Id.Lane, AnswerKind.Message, _ring.NextPlace).Packed;
        var status = client.TryPublish(message, QualityOfService.AtLeastOnce, message.Retain, message.Properties.MessageExpiryInterval, token, stamp);
        if (status.IsNever())
        {
            _poison.Passed(entry.Seq);
            Drop(entry.Seq, GapReason.Refused, "refused", $"entry {stream.Identify(entry.Seq).Number} of {stream.Id} on {entry.Topic} cannot go upstream: {Verdicts.Explain(status)}",
                "raise upstream's limit, or leave the topic out of forward");
            return true;
        }

        if (status != SendStatus.Sent)
        {
            return false;
        }

        _ring.Add(entry.Seq, entry.Topic);
        context.Metrics.Sent(stream.Id);
        return true;
    }

    /// <returns>false: not now.</returns>
    private bool TrySendLedger(MqttClient client)
    {
        var qos = client.Limits.MaximumQos > QualityOfService.AtMostOnce ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce;
        var token = new AnswerToken(stream.Id.Lane, AnswerKind.Ledger, 0).Packed;
        _ledgerDue = client.TryPublish(Ledger(), qos, client.Limits.RetainAvailable, null, token) is SendStatus.Full;
        return !_ledgerDue;
    }

    private void Watch(CancellationToken cancellation)
    {
        if (!_isWatched)
        {
            _isWatched = true;
            _watch = WatchAsync(_next, cancellation);
        }
    }

    private async Task WatchAsync(ulong seq, CancellationToken cancellation)
    {
        try
        {
            await stream.WaitAsync(seq, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ended; the next one looks again.
        }

        // Before the wake-up: the sender may look again, and want another watch, while this one is still on its way out.
        _isWatched = false;
        context.Wakeup.Set();
    }
}
