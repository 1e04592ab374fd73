using System.Security.Cryptography;
using System.Text;
using Gateway.Core;

namespace Gateway.Adapters.Lora;

/// <summary>The airtime of all transmitters of the gateway, kept over restarts: what was sent within an hour counts, whoever was running then.</summary>
/// <remarks>
/// <para>A packet is counted, and the count is on the disk, before the modem is told to send it. So what is kept is never less than what was sent; it is more by a packet that the power, the modem or a
/// full queue stopped afterwards. One write of a block for each packet: the duty cycle itself is the limit of them (36 s in an hour are 360 packets of 100 ms), and bands without one are
/// not kept. A gateway that sends nothing writes nothing. What cannot be written is not sent: the next start would not know of it.</para>
/// <para>Ages count in boot time, in which nobody can set anything. Over a reboot the wall clock decides if it was trusted on both sides, and as soon as it is; until then what was sent is as
/// young as it can be, which is as old as this boot. Where the clock is not trusted, the passing of time is written down every ten minutes as long as an hour is not empty, so that a
/// machine that boots again and again is not blocked for ever; and everywhere, once, that it has become empty.</para>
/// <para>What is lost, or comes out of a backup, counts as if the whole hour had been used up when this start found it.</para>
/// </remarks>
internal sealed class AirtimeBook
{
    /// <summary>Name of the file.</summary>
    public const string Name = "lora-airtime";

    /// <summary>10 min: six writes after the last packet.</summary>
    public static readonly TimeSpan ProgressEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly IKeptState _state;
    private readonly TimeProvider _time;
    private readonly Func<MachineMoment> _moment;
    private readonly List<Item> _items = [];
    private readonly List<ulong> _claimed = [];
    private readonly long _openedAt;
    private readonly MachineMoment _keptAt;
    private readonly string? _unknownBecause;
    private long? _unknownAt;
    private TimeSpan _aged;
    private long _savedAt;
    private bool _isSavedTrusted;
    private bool _isSavedUsed;

    public AirtimeBook(IKeptState state, AdapterContext context)
    {
        (_state, _time, _moment) = (state, context.Time, context.Moment);
        _openedAt = _savedAt = _time.GetTimestamp();
        var now = _keptAt = _moment();
        if (AirtimeRecord.TryRead(state.Content.Span, out var kept))
        {
            _keptAt = kept.At;
            (_isSavedTrusted, _isSavedUsed) = (kept.At.IsTrusted, kept.Unknown is not null || kept.Items.Count > 0);
            _aged = now.Since(kept.At);
            _unknownAt = kept.Unknown is { } unknown ? Before(unknown + _aged) : null;
            _unknownBecause = "it was lost";
            foreach (var item in kept.Items)
            {
                var taken = new Item(item.Transmitter, item.Band, Budget(item.Share));
                foreach (var (age, length) in item.Sent)
                {
                    taken.Budget.Add(Before(age + _aged), length);
                }

                _items.Add(taken);
            }
        }

        if (state.Condition is KeptCondition.Copied or KeptCondition.Lost || (state.Condition == KeptCondition.Whole && kept is null))
        {
            // At once: a start that is cut off soon must not make the next one wait for another hour.
            (_unknownAt, _unknownBecause) = (_openedAt, state.Condition == KeptCondition.Copied ? "this is a copy" : "it was lost");
            Problem = Save();
            context.Alert(
                "airtime", $"what this gateway has sent by LoRa within the last hour is not known: {state.Place} {(state.Condition == KeptCondition.Copied ? "comes out of a backup or from another machine" : "is missing or damaged")}",
                "nothing: where the region limits airtime, nothing is sent for an hour, and commands to nodes wait or expire");
        }
    }

    /// <summary>Why what is sent cannot be kept, since it was tried last; null: it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>Why nothing is sent though it might be allowed, and how much longer; null: that is not so.</summary>
    public (string Because, TimeSpan Left)? Unknown
    {
        get
        {
            lock (_lock)
            {
                Learn();
                return UnknownFor is { } age ? (_unknownBecause!, DutyCycleBudget.Window - age) : null;
            }
        }
    }

    /// <summary>The budget of a transmitter on a band.</summary>
    /// <param name="port">What the transmitter is known by: its port.</param>
    /// <param name="band">Has a duty cycle.</param>
    public KeptBudget Claim(string port, RegionBand band)
    {
        lock (_lock)
        {
            var transmitter = BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(port)));
            var item = _items.Find(i => i.Transmitter == transmitter && i.Band == band.Low);
            if (item is null)
            {
                // It may be a known transmitter under another name of its port: what nobody uses counts for it, too.
                item = new(transmitter, band.Low, Budget(band.DutyCycle));
                foreach (var (at, length) in _items.Where(i => i.Band == band.Low && !_claimed.Contains(i.Transmitter)).SelectMany(i => i.Budget.Recent()))
                {
                    item.Budget.Add(at, length);
                }

                _items.Add(item);
            }
            else if (item.Budget.Share != band.DutyCycle)
            {
                var changed = new Item(transmitter, band.Low, Budget(band.DutyCycle));
                item.Budget.Recent().ForEach(s => changed.Budget.Add(s.At, s.Length));
                _items[_items.IndexOf(item)] = item = changed;
            }

            _claimed.Add(transmitter);
            return new(this, item, transmitter);
        }
    }

    /// <summary>Learns of a clock that is trusted now, and writes down that time has passed where nothing else will tell. To be called about once a second.</summary>
    public void Step()
    {
        lock (_lock)
        {
            Learn();
            var isTrusted = _moment().IsTrusted;
            var isDue = isTrusted ? !_isSavedTrusted : _time.GetElapsedTime(_savedAt) >= ProgressEvery;
            if (IsUsed ? isDue : _isSavedUsed && (Problem is null || isDue))
            {
                Problem = Save();
            }
        }
    }

    /// <summary>How long ago nothing was known, if that was within the window.</summary>
    private TimeSpan? UnknownFor => _unknownAt is { } at && _time.GetElapsedTime(at) is var age && age < DutyCycleBudget.Window ? age : null;

    private bool IsUsed => UnknownFor is not null || _items.Exists(static i => i.Budget.Used > TimeSpan.Zero);

    private DutyCycleBudget Budget(decimal share) => new(share, _time);

    private long Before(TimeSpan age) => _openedAt - Ticks.Of(_time, age);

    /// <summary>The clock may be trusted by now: what was kept is older than it seemed.</summary>
    private void Learn()
    {
        var certain = _moment().Since(_keptAt) - _time.GetElapsedTime(_openedAt);
        if (certain > _aged)
        {
            var more = certain - _aged;
            _aged = certain;
            _items.ForEach(i => i.Budget.Age(_openedAt, more));
            if (_unknownAt is { } at && at < _openedAt)
            {
                _unknownAt = at - Ticks.Of(_time, more);
            }
        }
    }

    private string? Save()
    {
        var now = _moment();
        _savedAt = _time.GetTimestamp();
        var record = new AirtimeRecord(
            now, UnknownFor,
            [.. _items.Where(static i => i.Budget.Used > TimeSpan.Zero)
                .Select(i => new AirtimeItem(i.Transmitter, i.Band, i.Budget.Share, [.. i.Budget.Recent().Select(s => (_time.GetElapsedTime(s.At), s.Length))]))]);
        var problem = _state.Save(record.ToBytes());
        if (problem is null)
        {
            (_isSavedTrusted, _isSavedUsed) = (now.IsTrusted, record.Unknown is not null || record.Items.Count > 0);
        }

        return problem;
    }

    /// <summary>One transmitter on one band.</summary>
    internal sealed record Item(ulong Transmitter, long Band, DutyCycleBudget Budget);

    /// <summary>What a transmitter may send on a band; given back when its link ends.</summary>
    internal sealed class KeptBudget(AirtimeBook book, Item item, ulong transmitter) : IDisposable
    {
        private bool _isReleased;

        public TimeSpan Whole => item.Budget.Whole;

        public TimeSpan Used
        {
            get
            {
                lock (book._lock)
                {
                    book.Learn();
                    return item.Budget.Used;
                }
            }
        }

        /// <inheritdoc cref="DutyCycleBudget.WaitFor"/>
        public TimeSpan? WaitFor(TimeSpan length)
        {
            var unknown = book.Unknown;
            lock (book._lock)
            {
                return item.Budget.WaitFor(length) is not { } wait ? null : unknown is { Left: var left } && left > wait ? left : wait;
            }
        }

        /// <summary>Counts a packet before it is sent, durably.</summary>
        /// <returns>Why that cannot be done, so that it must not be sent; null: it is counted.</returns>
        public string? Charge(TimeSpan length)
        {
            lock (book._lock)
            {
                book.Learn();
                item.Budget.Sent(length);
                if ((book.Problem = book.Save()) is not null)
                {
                    item.Budget.TakeBack();
                }

                return book.Problem;
            }
        }

        public void Dispose()
        {
            lock (book._lock)
            {
                if (!_isReleased)
                {
                    _isReleased = true;
                    book._claimed.Remove(transmitter);
                }
            }
        }
    }
}
