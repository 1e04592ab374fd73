using System.Security.Cryptography;
using System.Text;
using Gateway.Core;

namespace Gateway.Adapters.Heard;

/// <summary>The counters of all encrypted devices of the gateway, heard and sent, kept over restarts and power cuts.</summary>
/// <remarks>
/// <para><b>Nothing is handed on before a mark at or above its counter is on the disk</b>, so what was handed on once is refused for ever, wherever the power goes. Between the two only the gateway's own
/// copy of it is lost, as any reading of the last second may be.</para>
/// <para>Marks are written at most once a second, for all devices together: what comes within a second of the last write waits for the next, two seconds at most. That is as often as the journal commits
/// the same readings. A device that counts all the time (most Bluetooth sensors, every few seconds) gets its mark ahead by what it counts in a minute: one write a minute then covers them
/// all. After a power cut such a device is believed again once it has counted past its mark, within a minute, most of which the machine needs to boot. Nodes, buttons and what else tells events, whose every message may be
/// the only one, never get a mark ahead: a mark that refuses what is true loses data, and a write for each is cheap, because they are rare. A clean stop writes what was heard.</para>
/// <para>A disk that cannot be written stops nothing that is heard: it is handed on, and told. Nothing is sent then: a counter may be used once only.</para>
/// <para>Counters belong to a device and its key: with a new key both begin anew. What is sent begins with the seconds since 2020, so that no counter comes twice even where the file was lost or is an old
/// copy; a device that is sent something more often than once a second all the time would break that, which no duty cycle allows.</para>
/// </remarks>
internal sealed class CounterBook
{
    /// <summary>Name of the file.</summary>
    public const string Name = "counters";

    /// <summary>1 s: the journal's own commit window.</summary>
    public static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    /// <summary>10 s: a disk that fails is not asked with every message.</summary>
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(10);

    /// <summary>4,096 × 32 bytes; of more, those of devices that left the configuration go.</summary>
    private const int Most = 4096;

    private readonly Lock _lock = new();
    private readonly IKeptState _state;
    private readonly Func<MachineMoment> _moment;
    private readonly Dictionary<ulong, KeptCounter> _counters = [];
    private long? _triedAt;
    private bool _isDirty;

    public CounterBook(IKeptState state, AdapterContext context)
    {
        (_state, Time, _moment) = (state, context.Time, context.Moment);
        var isRead = CounterRecord.TryRead(state.Content.Span, out var records);
        var isCopy = state.Condition == KeptCondition.Copied;
        foreach (var record in records)
        {
            _counters[record.Id] = new(this, record with { MustJump = record.MustJump || isCopy });
        }

        var isLost = state.Condition == KeptCondition.Lost || (state.Condition != KeptCondition.New && !isRead);
        if (!isLost && !isCopy)
        {
            return;
        }

        Problem = Save();
        context.Alert(
            "counters",
            isLost ? $"the counters of encrypted devices are lost: {state.Place} is missing or damaged. Until each of them is heard again, a recording of it would be believed"
            : $"the counters of encrypted devices are those of a backup or of another machine ({state.Place}). Until each of them is heard again, a recording made since then would be believed",
            isLost ? "nothing, if nobody plays recordings; check the card (dmesg)" : "nothing, if nobody plays recordings; never let two gateways send to the same devices");
    }

    /// <summary>Why marks cannot be kept, since it was tried last; null: they are.</summary>
    public string? Problem { get; private set; }

    /// <summary>What to do about a <see cref="Problem"/>.</summary>
    public const string Remedy = "dmesg says whether the disk fails, is full or read-only: free or replace it";

    /// <summary>The file, for people.</summary>
    public string Place => _state.Place;

    /// <summary>How many writes there were.</summary>
    public long Saves { get; private set; }

    internal TimeProvider Time { get; }

    internal Lock Lock => _lock;

    /// <summary>Opens what the gateway keeps, or takes what somebody else has opened.</summary>
    public static CounterBook Open(AdapterContext context) => context.Kept.Open(Name, state => new CounterBook(state, context));

    /// <summary>The counter of a device.</summary>
    /// <param name="device">What it is known by, whatever it is called (<c>node 12</c>, an address).</param>
    /// <param name="key">Its key; not kept.</param>
    /// <param name="ahead">How far ahead the mark of a device that counts all the time may be; zero: never.</param>
    public KeptCounter Of(string device, ReadOnlySpan<byte> key, TimeSpan ahead)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"edge-gateway counter of {device}"), hash);
        var id = BitConverter.ToUInt64(hash);
        lock (_lock)
        {
            if (!_counters.TryGetValue(id, out var counter))
            {
                if (_counters.Count >= Most)
                {
                    foreach (var gone in _counters.Where(static c => !c.Value.IsUsed).Select(static c => c.Key).ToList())
                    {
                        _counters.Remove(gone);
                    }
                }

                _counters.Add(id, counter = new(this, new(id)));
            }

            counter.Use(ahead);
            return counter;
        }
    }

    /// <summary>Writes what waits. To be called about once a second.</summary>
    public void Step()
    {
        lock (_lock)
        {
            foreach (var counter in _counters.Values)
            {
                _isDirty |= counter.ComeDown();
            }

            if (_isDirty)
            {
                TrySave();
            }
        }
    }

    /// <summary>Writes what was heard, and no marks ahead of it: a link stops, or more is waiting than may.</summary>
    public void Rest()
    {
        lock (_lock)
        {
            foreach (var counter in _counters.Values)
            {
                _isDirty |= counter.Rest();
            }

            if (_isDirty)
            {
                Problem = Save();
            }
        }
    }

    /// <summary>Under the lock: something is to be written when it may be.</summary>
    internal void Mark() => _isDirty = true;

    /// <summary>Under the lock: writes, if it is time to.</summary>
    /// <returns>Whether what was marked need not be waited for any longer: it is on the disk, or cannot be.</returns>
    internal bool TrySave()
    {
        if (_triedAt is { } at && Time.GetElapsedTime(at) < (Problem is null ? SaveEvery : s_afterFailure))
        {
            return Problem is not null;
        }

        Problem = Save();
        return true;
    }

    /// <summary>Under the lock: writes now.</summary>
    internal string? Save()
    {
        _triedAt = Time.GetTimestamp();
        foreach (var counter in _counters.Values)
        {
            counter.Lead();
        }

        if (_state.Save(CounterRecord.ToBytes([.. _counters.Values.Select(static c => c.Record)])) is { } problem)
        {
            return problem;
        }

        (_isDirty, Problem) = (false, null);
        Saves++;
        foreach (var counter in _counters.Values)
        {
            counter.Saved();
        }

        return null;
    }

    /// <summary>Seconds since 2020; null: the clock was never set.</summary>
    internal uint? Begin() => _moment().Wall - ClockTrust.Earliest is var since && since <= TimeSpan.Zero ? null : (uint)Math.Min(since.TotalSeconds, int.MaxValue);
}
