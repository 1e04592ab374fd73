using System.Globalization;

namespace Gateway.Adapters.Lora;

/// <summary>One modem from the opening of its port to the end: sets it up, arms its receiver and arms it again, sends, asks whether it is still there. Owns no port and no task.</summary>
/// <remarks>What is said and answered is with the <see cref="CommandExchange"/>; packets and events pass it by on their way. A start makes it empty.</remarks>
internal sealed class ModemSession : IModemSink
{
    /// <summary>300 ms: no modem pauses so long within a record, at 9600 baud either.</summary>
    public static readonly TimeSpan IdleGap = TimeSpan.FromMilliseconds(300);

    /// <summary>60 s without a packet or an answer: then it is asked whether it is still there. Bytes that mean nothing are no sign of it.</summary>
    public static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(60);

    /// <summary>5 s until a modem that failed is set up again.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    /// <summary>100 ms after a banner: modems print it before they listen to commands.</summary>
    public static readonly TimeSpan PauseAfterBanner = TimeSpan.FromMilliseconds(100);

    /// <summary>2 s after a command that started it again, or whose answer did not come: until its banner, and what it still had to say, are past.</summary>
    public static readonly TimeSpan PauseAfterSilence = TimeSpan.FromSeconds(2);

    /// <summary>So often it may start again, each time within a <see cref="WatchEvery"/>, before that is a failure.</summary>
    public const int MostRestarts = 5;

    /// <summary>Packets that wait for their turn on the air.</summary>
    private const int MostSends = 16;

    /// <summary>500 ms, once: until then the receiver is not armed.</summary>
    private static readonly TimeSpan s_signalTimeout = TimeSpan.FromMilliseconds(500);

    private readonly IModemDialect _dialect;
    private readonly IModemEvents _events;
    private readonly TimeProvider _time;
    private readonly ModemFramer _framer;
    private readonly CommandExchange _exchange;
    private readonly Queue<ModemSend> _sends = new();
    private long? _startAt;
    private long _lastByte;
    private long _lastSign;
    private long _restartedAt;
    private int _restarts;
    private bool _isReady;

    // A packet whose strength is being asked for, and what is known of it.
    private HeardPacket? _held;

    /// <param name="dialect">How the make is spoken to.</param>
    /// <param name="events">Gets what happens.</param>
    /// <param name="time">The clock.</param>
    public ModemSession(IModemDialect dialect, IModemEvents events, TimeProvider time)
    {
        (_dialect, _events, _time, _framer) = (dialect, events, time, dialect.CreateFramer());
        _exchange = new(events.Write, Ended, time);
    }

    public bool IsReady => _isReady;

    /// <summary>Timestamp at which <see cref="Tick"/> has something to do.</summary>
    public long NextDue
    {
        get
        {
            var next = _startAt ?? _exchange.Due ?? (_isReady && _dialect.Watchdog.Count > 0 ? _lastSign + Of(WatchEvery) : long.MaxValue);
            return _framer.Pending > 0 ? Math.Min(next, _lastByte + Of(IdleGap)) : next;
        }
    }

    /// <summary>The port is open: from the beginning.</summary>
    public void Start()
    {
        _framer.Reset();
        _restarts = 0;
        Begin();
    }

    /// <summary>The port is gone: what is under way ends, what came whole before is delivered.</summary>
    public void Stop(string reason)
    {
        _framer.End(this);
        Release();
        Forget(reason);
        FailSends(reason);
        _startAt = null;
        _isReady = false;
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _lastByte = _time.GetTimestamp();
        _framer.Receive(bytes, this);
        Proceed();
    }

    /// <summary>Sends a packet when its turn comes.</summary>
    public void Send(ModemSend send)
    {
        if (_dialect.LongestPayload == 0 || send.Payload.Length > _dialect.LongestPayload)
        {
            send.Complete(_dialect.LongestPayload == 0 ? "this modem is not configured to send" : $"{send.Payload.Length} bytes, and the modem carries {_dialect.LongestPayload}");
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
        var now = _time.GetTimestamp();
        if (_framer.Pending > 0 && now >= _lastByte + Of(IdleGap))
        {
            _framer.Idle(this);
        }

        if (_startAt <= now)
        {
            Begin();
        }
        else if (_startAt is null && _exchange.Due is not null)
        {
            _exchange.Tick();
        }
        else if (_isReady && _exchange.IsIdle && now >= _lastSign + Of(WatchEvery))
        {
            _lastSign = now;
            Add(_dialect.Watchdog, StepKind.Watch);
        }

        Proceed();
    }

    void IModemSink.Packet(in HeardPacket packet)
    {
        _lastSign = _time.GetTimestamp();
        Release();
        if (_dialect.SignalQueries.Count == 0 || !_isReady)
        {
            _events.Packet(packet);
        }
        else
        {
            _held = packet;
            foreach (var query in _dialect.SignalQueries)
            {
                _exchange.Add(new(Question(query), StepKind.Signal, IsRssi: query.IsRssi));
            }
        }

        if (_dialect.DisarmsItself)
        {
            ArmAgain();
        }
    }

    void IModemSink.Line(string line)
    {
        if (_startAt is null && _exchange.Hear(line))
        {
            _lastSign = _time.GetTimestamp();
            return;
        }

        switch (_dialect.Notice(line))
        {
            case ModemNotice.Restarted:
                Restarted();
                break;
            case ModemNotice.Disarmed:
                ArmAgain();
                break;
            default:
                _events.Unknown(line);
                break;
        }
    }

    void IModemSink.Noise(int bytes) => _events.Noise(bytes);

    private static ModemCommand Question(SignalQuery query) => ModemCommand.Line(
        query.Command, static line => IsNumber(line) ? Answer.Done : line is "invalid_param" or "busy" ? Answer.Failed(line) : Answer.NotMine) with { MayFail = true, IsRepeatable = false, Timeout = s_signalTimeout };

    private static bool IsNumber(string line) => line.Length is > 0 and <= 5 && int.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private void Begin()
    {
        _startAt = null;
        Forget("the modem is set up anew");
        _isReady = false;
        Add(_dialect.Initialise, StepKind.Initialise);
        Add(_dialect.Arm, StepKind.Arm);
        Proceed();
    }

    private void Restart(TimeSpan pause, string reason)
    {
        Release();
        Forget(reason);
        _isReady = false;
        _startAt = _time.GetTimestamp() + Of(pause);
    }

    /// <summary>What it was told is gone, and with it whatever was under way. A banner has several lines, and may be the second thing that tells of one restart.</summary>
    private void Restarted()
    {
        const string reason = "the modem has started again";
        if (_startAt is not null)
        {
            Restart(PauseAfterBanner, reason);
            return;
        }

        _restarts = _restarts > 0 && _time.GetTimestamp() < _restartedAt + Of(WatchEvery) ? _restarts + 1 : 1;
        _restartedAt = _time.GetTimestamp();
        if (_restarts > MostRestarts)
        {
            Fail("the modem starts again and again", "look at its supply: sending and receiving take more current than it may get");
            return;
        }

        _events.Restarted();
        Restart(PauseAfterBanner, reason);
    }

    /// <summary>Says what is to be said; with nothing left it listens, and the next packet may go.</summary>
    private void Proceed()
    {
        while (_startAt is null)
        {
            _exchange.Proceed();
            if (!_exchange.IsIdle)
            {
                return;
            }

            Release();
            if (!_isReady)
            {
                _isReady = true;
                _lastSign = _time.GetTimestamp();
                _events.Ready();
            }

            if (!_sends.TryDequeue(out var send))
            {
                return;
            }

            foreach (var command in _dialect.Send(send.Payload, send.To, send.Airtime))
            {
                _exchange.Add(new(command, StepKind.Send, send));
            }

            if (_dialect.DisarmsBySending)
            {
                ArmAgain();
            }
        }
    }

    private void Ended(ModemStep step, StepEnd end, string line)
    {
        switch (end, step.Kind)
        {
            case (StepEnd.Restarts, _):
                Restart(PauseAfterSilence, "the modem is set up anew");
                break;
            case (StepEnd.Done, StepKind.Signal):
                Learn(step, line);
                break;
            case (StepEnd.Done, StepKind.Send):
                if (_exchange.Steps.All(s => s.Send != step.Send))
                {
                    step.Send!.Complete(null);
                }

                break;
            case (StepEnd.Done, _):
                break;
            case (_, StepKind.Signal):
                // Its late answer would be a number as well: the other one is not asked for.
                _exchange.Drop(static s => s.Kind == StepKind.Signal);
                break;
            case (StepEnd.Refused, StepKind.Send):
                // What is left of it is not sent; the receiver is armed again all the same.
                _exchange.Drop(s => s.Send == step.Send);
                step.Send!.Complete(line);
                break;
            case (_, StepKind.Send):
                // Whether it went out is not known, nor what state the modem is in.
                step.Send!.Complete("the modem does not say that it was sent");
                Restart(PauseAfterSilence, "the modem does not answer");
                break;
            case (StepEnd.Refused, StepKind.Watch):
                _events.Restarted();
                Restart(PauseAfterBanner, line);
                break;
            case (StepEnd.Refused, _):
                Fail($"the modem refuses \"{step.Command.Name}\": {line}", "check that the link's modem, frequency, spreading-factor, bandwidth and power are what this modem can do; its manual lists them");
                break;
            default:
                Fail($"the modem does not answer \"{step.Command.Name}\"", "check modem (the make), baud, wiring (TX to RX) and power; edge-gateway scan lora finds make and baud");
                break;
        }
    }

    private void Learn(ModemStep step, string line)
    {
        if (_held is { } held && IsNumber(line))
        {
            var number = decimal.Parse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            _held = step.IsRssi ? held with { Rssi = number } : held with { Snr = number };
        }
    }

    private void Fail(string reason, string remedy)
    {
        Restart(PauseAfterFailure, reason);
        FailSends(reason);
        _events.Failed(new(reason, remedy));
    }

    private void FailSends(string reason)
    {
        while (_sends.TryDequeue(out var send))
        {
            send.Complete(reason);
        }
    }

    /// <summary>Behind what is asked already, once. Also while it is being set up: a packet may come as soon as it is armed, before its answer was seen.</summary>
    private void ArmAgain()
    {
        if (_startAt is null)
        {
            _exchange.Drop(static s => s.Kind == StepKind.Arm);
            Add(_dialect.Arm, StepKind.Arm);
        }
    }

    private void Add(IReadOnlyList<ModemCommand> commands, StepKind kind)
    {
        foreach (var command in commands)
        {
            _exchange.Add(new(command, kind));
        }
    }

    private void Forget(string reason)
    {
        foreach (var step in _exchange.Steps)
        {
            step.Send?.Complete(reason);
        }

        _exchange.Clear();
    }

    /// <summary>A packet does not wait for its strength longer than the next thing that happens.</summary>
    private void Release()
    {
        if (_held is { } packet)
        {
            _held = null;
            _exchange.Drop(static s => s.Kind == StepKind.Signal);
            _events.Packet(packet);
        }
    }

    private long Of(TimeSpan span) => Ticks.Of(_time, span);
}
