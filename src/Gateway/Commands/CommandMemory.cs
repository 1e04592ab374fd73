using System.Text.Json;
using Gateway.Core;
using Gateway.Storage;

namespace Gateway.Commands;

/// <summary>Remembers the ids of commands for a day, over restarts, so that the same one is carried out once. Thread-safe.</summary>
internal sealed class CommandMemory
{
    /// <summary>More in a day would be an attack or a defect; each costs memory and a place at the head of every segment, where long ids run out of room before.</summary>
    public const int Capacity = 65_536;

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Prefix = "command/";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, CommandRecord> _records = [];
    private readonly Dictionary<string, string> _deliveries = [];
    private readonly Queue<(string Id, long SeenAt)> _order = new();
    private readonly IStateStore _store;
    private readonly ClockTrust _clock;
    private readonly TimeProvider _time;

    public CommandMemory(IStateStore store, ClockTrust clock, TimeProvider time)
    {
        (_store, _clock, _time) = (store, clock, time);
        foreach (var (key, value) in store.Read(Prefix).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            // A record of a later version that cannot be read still says that the id was used.
            Keep(key[Prefix.Length..], Parse(value));
        }
    }

    /// <summary>Commands that were accepted before a crash and whose answer may never have left.</summary>
    public IReadOnlyList<KeyValuePair<string, CommandRecord>> Unanswered()
    {
        lock (_lock)
        {
            return [.. _records.Where(r => r.Value.State != CommandState.Answered)];
        }
    }

    /// <summary>Whether a command without an id of its own was accepted from this session under this Packet Identifier.</summary>
    public bool HasDelivery(string delivery)
    {
        lock (_lock)
        {
            return _deliveries.ContainsKey(delivery);
        }
    }

    public bool Knows(string id)
    {
        lock (_lock)
        {
            return _records.ContainsKey(id);
        }
    }

    /// <summary>Accepts the command if its id is new.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="record">What to remember; the time is added.</param>
    /// <param name="result">LSN that must be durable before anybody hears of the acceptance.</param>
    /// <returns>null, or the reason of the refusal.</returns>
    public string? Accept(string id, CommandRecord record, out AppendResult result)
    {
        lock (_lock)
        {
            result = default;
            ForgetOld();
            if (_records.ContainsKey(id))
            {
                return CommandReason.Repeated;
            }

            if (_records.Count >= Capacity)
            {
                return CommandReason.Busy;
            }

            record = record with { At = _time.GetUtcNow().ToUnixTimeMilliseconds(), Trusted = _clock.IsTrusted };
            result = _store.Put(Prefix + id, JsonSerializer.SerializeToUtf8Bytes(record, CommandJson.Default.CommandRecord), Urgency.Immediate);
            switch (result.Status)
            {
                case AppendStatus.Failed:
                    return CommandReason.Storage;
                case AppendStatus.Refused:
                    // The journal has no room for more facts: the command is answered, so its publisher need not try again.
                    result = default;
                    return CommandReason.Busy;
            }

            Keep(id, record);
            return null;
        }
    }

    /// <summary>The command's outcome is known, and its answer is published next: after a crash the same answer is published again.</summary>
    public void Answering(string id, byte[] answer) => Replace(id, r => r with { State = CommandState.Answering, Answer = answer });

    /// <summary>The command has its answer. Only the id is kept.</summary>
    public void Answered(string id) =>
        Replace(id, static r => new CommandRecord { State = CommandState.Answered, At = r.At, Trusted = r.Trusted, Delivery = r.Delivery });

    private void Replace(string id, Func<CommandRecord, CommandRecord> change)
    {
        lock (_lock)
        {
            if (_records.TryGetValue(id, out var record))
            {
                _records[id] = record = change(record);
                _store.Put(Prefix + id, JsonSerializer.SerializeToUtf8Bytes(record, CommandJson.Default.CommandRecord), Urgency.Window);
            }
        }
    }

    private static CommandRecord Parse(ReadOnlyMemory<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize(value.Span, CommandJson.Default.CommandRecord) ?? new CommandRecord { State = CommandState.Answered };
        }
        catch (JsonException)
        {
            return new CommandRecord { State = CommandState.Answered };
        }
    }

    private void Keep(string id, CommandRecord record)
    {
        _records[id] = record;
        if (record.Delivery is { } delivery)
        {
            _deliveries[delivery] = id;
        }

        _order.Enqueue((id, _time.GetTimestamp() - Aged(record)));
    }

    /// <summary>How long ago it was accepted, as far as both clocks can be believed; otherwise the day starts anew.</summary>
    private long Aged(CommandRecord record)
    {
        if (!record.Trusted || !_clock.IsTrusted)
        {
            return 0;
        }

        var age = _time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(record.At);
        return age <= TimeSpan.Zero ? 0 : (long)(Math.Min(age.TotalSeconds, Lifetime.TotalSeconds) * _time.TimestampFrequency);
    }

    private void ForgetOld()
    {
        while (_order.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.SeenAt) >= Lifetime)
        {
            _order.Dequeue();
            if (_records.Remove(oldest.Id, out var record))
            {
                if (record.Delivery is { } delivery && _deliveries.GetValueOrDefault(delivery) == oldest.Id)
                {
                    _deliveries.Remove(delivery);
                }

                _store.Remove(Prefix + oldest.Id, Urgency.Window);
            }
        }
    }
}
