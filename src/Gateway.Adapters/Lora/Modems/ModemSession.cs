namespace Gateway.Adapters.Lora;

/// <summary>One modem from the opening of its port to the end: sets it up, arms its receiver and arms it again, sends, asks whether it is still there. Owns no port and no task.</summary>
/// <remarks>
/// Commands go one at a time: each waits for its own answer, while packets and events pass by on their way. What has to be said next stands in a queue; a start makes it empty.
/// </remarks>
/// <param name="dialect">How the make is spoken to.</param>
/// <param name="events">Gets what happens.</param>
/// <param name="time">The clock.</param>
internal sealed class ModemSession(IModemDialect dialect, IModemEvents events, TimeProvider time) : IModemSink
{
    /// <summary>300 ms: no modem pauses so long within a record, at 9600 baud either.</summary>
    public static readonly TimeSpan IdleGap = TimeSpan.FromMilliseconds(300);

    /// <summary>60 s without a byte: then it is asked whether it is still there.</summary>
    public static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(60);

    /// <summary>5 s until a modem that failed is set up again.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>100 ms after a banner: modems print it before they listen to commands.</summary>
    public static readonly TimeSpan PauseAfterBanner = TimeSpan.FromMilliseconds(100);

    private const int Tries = 3;

    /// <summary>Packets that wait for their turn on the air.</summary>
    private const int MostSends = 16;

    private readonly ModemFramer _framer = dialect.CreateFramer();
    private readonly LinkedList<Step> _steps = [];
    private readonly Queue<ModemSend> _sends = new();
    private Step? _current;
    private int _tries;
    private long _deadline;
    private long? _startAt;
    private long _lastByte;
    private bool _isReady;

    // A packet whose strength is being asked for, and what is known of it.
    private HeardPacket? _held;

    private sealed record Step(ModemCommand Command, StepKind Kind, ModemSend? Send = null, bool IsRssi = false);

    private enum StepKind : byte
    {
        Initialise,
        Arm,
        Watch,
        Signal,
        Send,
    }

    public bool IsReady => _isReady;

    /// <summary>Timestamp at which <see cref="Tick"/> has something to do.</summary>
    public long NextDue
    {
        get
        {
            var next = _startAt ?? (_current is not null ? _deadline : _isReady && dialect.Watchdog is not null ? _lastByte + Ticks(WatchEvery) : long.MaxValue);
            return _framer.Pending > 0 ? Math.Min(next, _lastByte + Ticks(IdleGap)) : next;
        }
    }

    /// <summary>The port is open: from the beginning.</summary>
    public void Start()
    {
        Release();
        _framer.Reset();
        Begin();
    }

    /// <summary>The port is gone: what is under way ends.</summary>
    public void Stop(string reason)
    {
        Release();
        Forget(reason);
        while (_sends.TryDequeue(out var send))
        {
            send.Complete(reason);
        }

        _startAt = null;
        _isReady = false;
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _lastByte = time.GetTimestamp();
        _framer.Receive(bytes, this);
        Proceed();
    }

    /// <summary>Sends a packet when its turn comes.</summary>
    public void Send(ModemSend send)
    {
        if (dialect.LongestPayload == 0 || send.Payload.Length > dialect.LongestPayload)
        {
            send.Complete(dialect.LongestPayload == 0 ? "this modem is not configured to send" : $"{send.Payload.Length} bytes, and the modem carries {dialect.LongestPayload}");
        }
        else if (!_isReady)
        {
            send.Complete("the modem is not ready");
        }
        else if (_sends.Count >= MostSends)
        {
            send.Complete($"busy: {MostSends} packets are waiting to be sent");
        }
        else
        {
            _sends.Enqueue(send);
            Proceed();
        }
    }

    /// <summary>Time has passed.</summary>
    public void Tick()
    {
        var now = time.GetTimestamp();
        if (_framer.Pending > 0 && now >= _lastByte + Ticks(IdleGap))
        {
            _framer.Idle(this);
        }

        if (_startAt <= now)
        {
            _startAt = null;
            Begin();
        }
        else if (_current is not null && now >= _deadline)
        {
            TimedOut();
        }
        else if (_isReady && _current is null && _steps.Count == 0 && dialect.Watchdog is { } watchdog && now >= _lastByte + Ticks(WatchEvery))
        {
            _lastByte = now;
            _steps.AddLast(new Step(watchdog, StepKind.Watch));
        }

        Proceed();
    }

    void IModemSink.Packet(in HeardPacket packet)
    {
        Release();
        if (dialect.SignalQueries.Count == 0 || !_isReady)
        {
            events.Packet(packet);
        }
        else
        {
            _held = packet;
            foreach (var query in dialect.SignalQueries)
            {
                var step = new Step(ModemCommand.Line(query.Command, static line => IsNumber(line) ? Answer.Done : line == "invalid_param" ? Answer.Failed(line) : Answer.NotMine) with { MayFail = true }, StepKind.Signal, IsRssi: query.IsRssi);
                _steps.AddLast(step);
            }
        }

        if (dialect.DisarmsItself && _isReady)
        {
            ArmAgain();
        }
    }

    void IModemSink.Line(string line)
    {
        if (_current is { } step && step.Command.Match(line) is { Kind: not AnswerKind.NotMine } answer)
        {
            Answered(step, answer, line);
            return;
        }

        switch (dialect.Notice(line))
        {
            case ModemNotice.Restarted:
                // What it was told is gone, and with it whatever was under way.
                events.Restarted();
                Restart(PauseAfterBanner, "the modem has started again");
                break;
            case ModemNotice.Disarmed when _isReady:
                ArmAgain();
                break;
            case ModemNotice.Disarmed:
                break;
            default:
                events.Unknown(line);
                break;
        }
    }

    void IModemSink.Noise(int bytes) => events.Noise(bytes);

    private static bool IsNumber(string line) => line.Length is > 0 and <= 5 && int.TryParse(line, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out _);

    private void Begin()
    {
        _lastByte = time.GetTimestamp();
        Forget("the modem is set up anew");
        _isReady = false;
        foreach (var command in dialect.Initialise)
        {
            _steps.AddLast(new Step(command, StepKind.Initialise));
        }

        foreach (var command in dialect.Arm)
        {
            _steps.AddLast(new Step(command, StepKind.Arm));
        }

        Proceed();
    }

    private void Restart(TimeSpan pause, string reason)
    {
        Release();
        Forget(reason);
        _isReady = false;
        _startAt = time.GetTimestamp() + Ticks(pause);
    }

    /// <summary>Takes the next step if none is under way.</summary>
    private void Proceed()
    {
        while (_current is null && _startAt is null)
        {
            if (_steps.First is null)
            {
                Release();
                if (!_isReady)
                {
                    _isReady = true;
                    _lastByte = time.GetTimestamp();
                    events.Ready();
                }

                if (!_sends.TryDequeue(out var send))
                {
                    return;
                }

                foreach (var command in dialect.Send(send.Payload, send.To, send.Airtime))
                {
                    _steps.AddLast(new Step(command, StepKind.Send, send));
                }

                if (dialect.DisarmsBySending)
                {
                    ArmAgain();
                }

                continue;
            }

            var step = _steps.First.Value;
            _steps.RemoveFirst();
            _tries = 0;
            Say(step);
        }
    }

    private void Say(Step step)
    {
        _current = step;
        _tries++;
        _deadline = time.GetTimestamp() + Ticks(step.Command.Timeout);
        events.Write(step.Command.Bytes);
        if (step.Command.Timeout == TimeSpan.Zero)
        {
            Finish(step, null);
        }
    }

    private void Answered(Step step, in Answer answer, string line)
    {
        switch (answer.Kind)
        {
            case AnswerKind.Progress:
                return;
            case AnswerKind.Failed when step.Command.MayFail:
                Finish(step, null);
                return;
            case AnswerKind.Failed:
                Refused(step, answer.Reason ?? line);
                return;
            case AnswerKind.DoneSkipNext:
                _steps.RemoveFirst();
                break;
            default:
                break;
        }

        if (step.Kind == StepKind.Signal && _held is { } held && decimal.TryParse(line, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out var number))
        {
            _held = step.IsRssi ? held with { Rssi = number } : held with { Snr = number };
        }

        Finish(step, null);
    }

    private void Refused(Step step, string reason)
    {
        switch (step.Kind)
        {
            case StepKind.Send:
                Finish(step, reason);
                break;
            case StepKind.Watch:
                Restart(TimeSpan.Zero, reason);
                break;
            default:
                Fail($"the modem refuses \"{step.Command.Name}\": {reason}", "check that the link's modem, frequency, spreading-factor, bandwidth and power are what this modem can do; its manual lists them");
                break;
        }
    }

    private void TimedOut()
    {
        var step = _current!;
        if (step.Command.IsRepeatable && _tries < Tries)
        {
            Say(step);
            return;
        }

        switch (step.Kind)
        {
            case StepKind.Signal:
                Finish(step, null);
                break;
            case StepKind.Send:
                // Whether it went out is not known, nor what state the modem is in.
                step.Send!.Complete("the modem does not say that it was sent");
                Restart(TimeSpan.Zero, "the modem does not answer");
                break;
            default:
                Fail($"the modem does not answer \"{step.Command.Name}\"", "check modem (the make), baud, wiring (TX to RX) and power; edge-gateway scan lora finds make and baud");
                break;
        }
    }

    private void Fail(string reason, string remedy)
    {
        Restart(PauseAfterFailure, reason);
        while (_sends.TryDequeue(out var send))
        {
            send.Complete(reason);
        }

        events.Failed(new(reason, remedy));
    }

    private void Finish(Step step, string? problem)
    {
        _current = null;
        if (step.Kind != StepKind.Send)
        {
            return;
        }

        if (problem is not null)
        {
            // What is left of it is not sent; the receiver is armed again all the same.
            Drop(s => s.Send == step.Send);
        }

        if (problem is not null || _steps.All(s => s.Send != step.Send))
        {
            step.Send!.Complete(problem);
        }
    }

    /// <summary>Behind what is asked already, once.</summary>
    private void ArmAgain()
    {
        Drop(static s => s.Kind == StepKind.Arm);
        foreach (var command in dialect.Arm)
        {
            _steps.AddLast(new Step(command, StepKind.Arm));
        }
    }

    private void Drop(Predicate<Step> which)
    {
        for (var node = _steps.First; node is not null;)
        {
            var next = node.Next;
            if (which(node.Value))
            {
                _steps.Remove(node);
            }

            node = next;
        }
    }

    private void Forget(string reason)
    {
        _current?.Send?.Complete(reason);
        foreach (var step in _steps)
        {
            step.Send?.Complete(reason);
        }

        _current = null;
        _steps.Clear();
    }

    /// <summary>A packet does not wait for its strength longer than the next thing that happens.</summary>
    private void Release()
    {
        if (_held is { } packet)
        {
            _held = null;
            Drop(static s => s.Kind == StepKind.Signal);
            events.Packet(packet);
        }
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
