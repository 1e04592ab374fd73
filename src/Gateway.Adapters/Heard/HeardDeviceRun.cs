using Gateway.Adapters.Payloads;
using Gateway.Configuration;
using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>One device that is heard: turns what it says into readings, knows whether it is there, and notices what it does not say any more. Belongs to the task that hears it.</summary>
public sealed class HeardDeviceRun
{
    /// <summary>10 s: how often what lasts is offered again, so that at-least is kept.</summary>
    public static readonly TimeSpan RepeatEvery = TimeSpan.FromSeconds(10);

    private static readonly DurationKind s_durations = new(TimeSpan.Zero, TimeSpan.MaxValue);

    private readonly IReadingSink _sink;
    private readonly TimeProvider _time;
    private readonly HeardDevice _address;
    private readonly Rhythm _rhythm;
    private readonly List<HeardPointRun> _points;
    private long _begun;
    private DeviceState? _told;
    private DecodeRefusal? _refusal;
    private long? _heardAt;
    private long _offeredAt;
    private long _missedAt;
    private bool _hasSpoken;
    private bool _wasDown;

    /// <param name="options">The device; its address is a <see cref="HeardDevice"/>.</param>
    /// <param name="limits">How long it may be silent unless <see cref="HeardDevice.OfflineAfter"/> says it.</param>
    /// <param name="sink">Takes readings and states.</param>
    /// <param name="time">The clock.</param>
    public HeardDeviceRun(DeviceOptions options, RhythmLimits limits, IReadingSink sink, TimeProvider time)
    {
        (Options, _sink, _time, _address, _rhythm) = (options, sink, time, (HeardDevice)options.Address, new(limits));
        _begun = _offeredAt = _missedAt = time.GetTimestamp();
        _points = [.. options.Points.Where(static p => p.Address is HeardPoint).Select(p => new HeardPointRun(p, isEvent: false, _begun))];
    }

    public DeviceOptions Options { get; }

    /// <summary>Timestamp at which it was heard last; null: not since the start.</summary>
    public long? HeardAt => _heardAt;

    /// <summary>What was told last: it is there.</summary>
    public bool IsOnline => _told is { Online: true };

    /// <summary>There is a connection to it: it need not speak by itself.</summary>
    public bool IsConnected { get; set; }

    /// <summary>How long it may be silent.</summary>
    public TimeSpan Silence => _address.OfflineAfter ?? _rhythm.Silence;

    /// <summary>It said something new.</summary>
    /// <param name="values">What.</param>
    public void Heard(DecodedValues values)
    {
        _refusal = null;
        _hasSpoken = true;
        Report(values);
        _sink.EndOfCycle(Options);
    }

    /// <summary>It was heard, and said nothing new: what it said last still holds.</summary>
    /// <param name="values">What is known from hearing it: how strong its signal is.</param>
    public void HeardAgain(DecodedValues values)
    {
        if (_refusal is not null)
        {
            return;
        }

        Repeat(Report(values));
    }

    /// <returns>Now.</returns>
    private long Report(DecodedValues values)
    {
        var now = Live();
        var at = _time.GetUtcNow();
        Tell(new(true));
        for (var i = 0; i < values.Count; i++)
        {
            Report(values[i], now, at);
        }

        ReportLastSeen(now, at);
        return now;
    }

    /// <summary>It said something that is not to be believed. Somebody may be forging a device that is well: only one that says nothing else is offline.</summary>
    /// <param name="reason">Why not, for people.</param>
    /// <param name="remedy">What a person can do about it.</param>
    public void Refused(string reason, string? remedy)
    {
        _refusal = new(reason, remedy ?? "see what edge-gateway scan shows of it");
        if (!_hasSpoken)
        {
            Tell(new(false, _refusal.Reason, _refusal.Remedy));
        }
    }

    /// <summary>Nobody can be heard: the radio or the line is down.</summary>
    public void LineDown(string reason, string remedy) => Leave(new(false, reason, remedy), _time.GetTimestamp());

    /// <summary>Who was not heard meanwhile has a new patience.</summary>
    public void LineUp()
    {
        _begun = _time.GetTimestamp();
        _wasDown = true;
    }

    /// <summary>Looks for silence. To be called about once a second.</summary>
    public void Check()
    {
        var now = _time.GetTimestamp();
        var silence = _time.GetElapsedTime(Math.Max(_heardAt ?? _begun, _begun), now);
        if (silence > Silence && !IsConnected)
        {
            var reason = _heardAt is null ? "not heard since the start" : $"not heard for {s_durations.Write(Rounded(Silence))}";
            Leave(_refusal is { } refused ? new(false, refused.Reason, refused.Remedy) : new(false, reason, "check its battery, its distance and what stands between"), now);
            return;
        }

        if (_told is { Online: true })
        {
            Miss(now);
        }
    }

    private long Live()
    {
        var now = _time.GetTimestamp();
        if (_heardAt is { } before && !_wasDown)
        {
            _rhythm.Heard(_time.GetElapsedTime(before, now));
        }

        (_heardAt, _wasDown) = (now, false);
        return now;
    }

    private void Report(in DecodedValue value, long now, DateTimeOffset at)
    {
        var isKnown = false;
        for (var i = 0; i < _points.Count; i++)
        {
            if (_points[i].Field == value.Field)
            {
                isKnown = true;
                LearnUnit(i, value, now);
                _sink.Report(_points[i].Take(value, now, at));
            }
        }

        if (!isKnown && Options.FindsPoints && _points.Count < DecodedValues.Most && IdKind.IsValid(value.Field))
        {
            _sink.Report(Find(value, now).Take(value, now, at));
        }
    }

    /// <summary>A point of the configuration that says no unit has the decoder's.</summary>
    private void LearnUnit(int index, in DecodedValue value, long now)
    {
        var options = _points[index].Options;
        if (options.Unit is null && value.Unit is not null && options is { Scale: 1, Labels: null })
        {
            var known = options with { Unit = value.Unit };
            _points[index] = new(known, value.IsEvent, now);
            _sink.Found(known);
        }
    }

    private HeardPointRun Find(in DecodedValue value, long now)
    {
        var point = new PointOptions
        {
            Device = Options.Id,
            Id = value.Field,
            Address = new HeardPoint(null),
            Unit = value.Unit,
            Every = TimeSpan.Zero,
            Report = HeardFields.ReportOf(value.Field, value.IsEvent, _address.Report),
            Position = Options.Position,
        };
        var run = new HeardPointRun(point, value.IsEvent, now);
        _points.Add(run);
        _sink.Found(point);
        return run;
    }

    private void ReportLastSeen(long now, DateTimeOffset at)
    {
        foreach (var point in _points)
        {
            if (point.Field == HeardFields.LastSeen)
            {
                _sink.Report(point.Take(new(HeardFields.LastSeen, PointValue.Of((decimal)at.ToUnixTimeMilliseconds()), "ms"), now, at));
            }
        }
    }

    /// <summary>The device says again what it said: readings that are only reported now and then are true now, too.</summary>
    private void Repeat(long now)
    {
        if (_time.GetElapsedTime(_offeredAt, now) < RepeatEvery)
        {
            return;
        }

        _offeredAt = now;
        var at = _time.GetUtcNow();
        foreach (var point in _points)
        {
            if (point is { IsEvent: false, Last: { } last, Options.Report.When: not ReportWhen.Always } && point.Field != HeardFields.LastSeen)
            {
                _sink.Report(last with { At = at });
            }
        }

        _sink.EndOfCycle(Options);
    }

    /// <summary>Points that are not in what a device sends, though it is well.</summary>
    private void Miss(long now)
    {
        if (!_hasSpoken || _time.GetElapsedTime(_missedAt, now) < RepeatEvery)
        {
            return;
        }

        _missedAt = now;
        foreach (var point in _points)
        {
            if (!point.IsEvent && point.Field != HeardFields.LastSeen && _time.GetElapsedTime(point.HeardAt, now) > Silence)
            {
                _sink.Report(point.Lose($"the device does not send {point.Field}", _time.GetUtcNow()));
            }
        }
    }

    /// <summary>Tells it once, and goes on saying that its values are not to be believed.</summary>
    private void Leave(DeviceState state, long now)
    {
        var isNews = _told != state;
        Tell(state);
        if (!isNews && _time.GetElapsedTime(_offeredAt, now) < RepeatEvery)
        {
            return;
        }

        _offeredAt = now;
        foreach (var point in _points)
        {
            if (!point.IsEvent && point.Field != HeardFields.LastSeen)
            {
                _sink.Report(point.Lose(state.Reason!, _time.GetUtcNow()));
            }
        }

        _sink.EndOfCycle(Options);
    }

    private void Tell(DeviceState state)
    {
        if (_told != state)
        {
            _told = state;
            _sink.DeviceChanged(Options, state);
        }
    }

    /// <summary>For people: seconds, of long times minutes.</summary>
    private static TimeSpan Rounded(TimeSpan time) =>
        time < TimeSpan.FromMinutes(2) ? TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)) : TimeSpan.FromMinutes(Math.Round(time.TotalMinutes));

    private sealed record DecodeRefusal(string Reason, string Remedy);
}
