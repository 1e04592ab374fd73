using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>What a session has still to be sent and what it has not acknowledged. Any thread; the lock is held for a few instructions, never during I/O.</summary>
internal sealed class OutboundQueue(MemoryBudget budget, BrokerCounters counters, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly DeliveryRing _waiting = new();
    private readonly InflightWindow _inflight = new();
    private readonly Queue<ushort> _again = new();
    private AsyncSignal? _writer;
    private int _receiveMaximum;
    private int _quota;
    private int _atMostOnce;
    private long _bytes;
    private bool _ended;

    /// <summary>Bytes of everything queued and in flight.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>A connection takes over: everything in flight is sent again, in order and with the same identifiers (MQTT-4.4.0-1).</summary>
    /// <param name="writer">Signalled when there is something to send.</param>
    /// <param name="receiveMaximum">How much may be unacknowledged (§3.1.2.11.3).</param>
    public void Attach(AsyncSignal writer, int receiveMaximum)
    {
        lock (_lock)
        {
            _writer = writer;
            _receiveMaximum = _quota = receiveMaximum;
            _again.Clear();
            foreach (var id in _inflight.InOrder())
            {
                _again.Enqueue(id);
            }
        }

        writer.Set();
    }

    /// <summary>The connection is gone. QoS 0 is not kept for the next one.</summary>
    public void Detach(AsyncSignal writer)
    {
        lock (_lock)
        {
            if (_writer == writer)
            {
                _writer = null;
                DropAtMostOnce();
            }
        }
    }

    /// <summary>Queues a delivery, or releases it.</summary>
    public EnqueueResult Enqueue(in Delivery delivery)
    {
        AsyncSignal? writer;
        var result = EnqueueResult.Queued;
        lock (_lock)
        {
            // Whoever found the session before it ended may still come: nobody would ever take this out again.
            writer = _writer;
            if (_ended || (writer is null && delivery.Qos == QualityOfService.AtMostOnce))
            {
                delivery.Shared.Release();
                return EnqueueResult.Offline;
            }

            if (_bytes + delivery.Cost > budget.PerSession)
            {
                if (delivery.Qos == QualityOfService.AtMostOnce)
                {
                    counters.Drop(DropReason.SlowConsumer);
                    delivery.Shared.Release();
                    return EnqueueResult.Dropped;
                }

                counters.Drop(DropReason.SlowConsumer, DropAtMostOnce());
                if (_bytes + delivery.Cost > budget.PerSession)
                {
                    result = EnqueueResult.Overflow;
                    counters.Drop(DropReason.SessionOverflow, DropOldest(budget.PerSession - delivery.Cost));
                }
            }

            _waiting.Add(delivery);
            _atMostOnce += delivery.Qos == QualityOfService.AtMostOnce ? 1 : 0;
            Count(delivery.Cost);
        }

        writer?.Set();
        return result;
    }

    /// <summary>Moves to <paramref name="batch"/> what may be sent now (the caller releases QoS 0 once it is written): first what is sent again, then what waits, as far as the client's Receive Maximum goes.</summary>
    /// <param name="writer">The signal with which the connection attached; a connection that was replaced gets nothing.</param>
    /// <param name="batch">Added to.</param>
    /// <param name="maximumCount">Most entries in the batch.</param>
    /// <param name="maximumBytes">Roughly the most bytes in the batch; one message may exceed it.</param>
    public void Take(AsyncSignal writer, List<Outgoing> batch, int maximumCount, int maximumBytes)
    {
        var now = time.GetTimestamp();
        var freed = 0L;
        lock (_lock)
        {
            if (_writer != writer)
            {
                return;
            }

            while (batch.Count < maximumCount && _again.TryPeek(out var id))
            {
                if (_inflight.TryGet(id, out var entry))
                {
                    var left = Remaining(entry.Delivery.Message, now);
                    if (left == 0 && entry.Delivery.Qos == QualityOfService.AtLeastOnce)
                    {
                        // Perhaps the client has it; late it must not get it. At QoS 2 the exchange is finished in any case: the client may remember the identifier.
                        counters.Drop(DropReason.Expired);
                        _inflight.Remove(id, out _);
                        freed += entry.Delivery.Cost;
                        entry.Delivery.Shared.Release();
                        _again.Dequeue();
                        continue;
                    }

                    if (!entry.IsReleased && _quota == 0)
                    {
                        break;
                    }

                    _quota -= entry.IsReleased ? 0 : 1;
                    batch.Add(new Outgoing(entry.Delivery, id, entry.IsReleased, Dup: true, left));
                }

                _again.Dequeue();
            }

            while (_again.Count == 0 && _waiting.Count > 0 && batch.Count < maximumCount && maximumBytes > 0)
            {
                var qos = _waiting.Head.Qos;
                if (qos > QualityOfService.AtMostOnce && (_quota == 0 || _inflight.Count >= _receiveMaximum))
                {
                    break;
                }

                var delivery = _waiting.Take();
                _atMostOnce -= qos == QualityOfService.AtMostOnce ? 1 : 0;
                var remaining = Remaining(delivery.Message, now);
                if (remaining == 0)
                {
                    counters.Drop(DropReason.Expired);
                    freed += delivery.Cost;
                    delivery.Shared.Release();
                    continue;
                }

                ushort id = 0;
                if (qos == QualityOfService.AtMostOnce)
                {
                    freed += delivery.Cost;
                }
                else
                {
                    id = _inflight.Add(delivery);
                    _quota--;
                }

                maximumBytes -= delivery.Cost;
                batch.Add(new Outgoing(delivery, id, IsRelease: false, Dup: false, remaining));
            }

            Count(-freed);
        }
    }

    /// <summary>PUBACK, or a PUBREC that refuses: the message is done with.</summary>
    /// <returns>false: the identifier is not in use, or not for this.</returns>
    public bool Acknowledge(ushort id, QualityOfService qos) => Finish(id, qos, released: false);

    /// <summary>PUBCOMP.</summary>
    public bool Complete(ushort id) => Finish(id, QualityOfService.ExactlyOnce, released: true);

    /// <summary>PUBREC.</summary>
    /// <returns>false: the identifier is not in use (PUBREL 0x92).</returns>
    public bool Release(ushort id)
    {
        lock (_lock)
        {
            if (!_inflight.TryGet(id, out var entry) || entry.Delivery.Qos != QualityOfService.ExactlyOnce)
            {
                return false;
            }

            _inflight.Release(id);
            return true;
        }
    }

    /// <summary>A message that cannot be sent to this client is treated as if it had been (MQTT-3.1.2-25).</summary>
    public void Discard(in Outgoing outgoing)
    {
        counters.Drop(DropReason.PacketTooLarge);
        if (outgoing.PacketId == 0)
        {
            outgoing.Delivery.Shared.Release();
        }
        else
        {
            Finish(outgoing.PacketId, outgoing.Delivery.Qos, released: false);
        }
    }

    /// <summary>Sheds QoS 0, and then the oldest of the rest until half of the weight is gone.</summary>
    /// <returns>Whether QoS 0 was not enough.</returns>
    public bool Shed()
    {
        lock (_lock)
        {
            var target = _bytes / 2;
            counters.Drop(DropReason.MemoryBudget, DropAtMostOnce());
            if (_bytes <= target)
            {
                return false;
            }

            counters.Drop(DropReason.MemoryBudget, DropOldest(target));
            return true;
        }
    }

    /// <summary>Drops what waits and may no longer be sent to the client. What is in flight it has seen.</summary>
    public void Forbid(Rights rights)
    {
        if (rights.IsUnlimited)
        {
            return;
        }

        lock (_lock)
        {
            var atMostOnce = 0;
            var (count, cost) = _waiting.RemoveWhere(d =>
            {
                var isForbidden = !rights.MayRead(d.Message.Topic);
                atMostOnce += isForbidden && d.Qos == QualityOfService.AtMostOnce ? 1 : 0;
                return isForbidden;
            });
            _atMostOnce -= atMostOnce;
            counters.Drop(DropReason.NotAuthorized, count);
            Count(-cost);
        }
    }

    /// <summary>The session ends.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _ended = true;
            _waiting.RemoveWhere(static _ => true);
            _inflight.Clear();
            _again.Clear();
            _atMostOnce = 0;
            _writer = null;
            Count(-_bytes);
        }
    }

    private bool Finish(ushort id, QualityOfService qos, bool released)
    {
        AsyncSignal? writer;
        lock (_lock)
        {
            if (!_inflight.TryGet(id, out var entry) || entry.Delivery.Qos != qos || entry.IsReleased != released)
            {
                return false;
            }

            _inflight.Remove(id, out _);
            entry.Delivery.Shared.Release();
            _quota = Math.Min(_receiveMaximum, _quota + 1);
            Count(-entry.Delivery.Cost);
            writer = _waiting.Count > 0 || _again.Count > 0 ? _writer : null;
        }

        writer?.Set();
        return true;
    }

    private int DropAtMostOnce()
    {
        if (_atMostOnce == 0)
        {
            return 0;
        }

        var (count, cost) = _waiting.RemoveWhere(static d => d.Qos == QualityOfService.AtMostOnce);
        _atMostOnce = 0;
        Count(-cost);
        return count;
    }

    private int DropOldest(long until)
    {
        var dropped = 0;
        for (; _bytes > until && _waiting.Count > 0; dropped++)
        {
            var oldest = _waiting.Take();
            Count(-oldest.Cost);
            oldest.Shared.Release();
        }

        return dropped;
    }

    /// <summary>What remains of the message's life in seconds; null: it has no end; 0: it is over.</summary>
    private uint? Remaining(MqttMessage message, long now)
    {
        if (message.Properties.MessageExpiryInterval is not { } interval)
        {
            return null;
        }

        var elapsed = time.GetElapsedTime(message.ReceivedAt, now).TotalSeconds;
        return elapsed >= interval ? 0 : interval - (uint)Math.Max(0, elapsed);
    }

    private void Count(long bytes) => _bytes += bytes;
}

/// <summary>What became of a delivery.</summary>
internal enum EnqueueResult : byte
{
    Queued,

    /// <summary>The session has ended; or QoS 0, and the client is not there.</summary>
    Offline,

    /// <summary>QoS 0, and its queue is full.</summary>
    Dropped,

    /// <summary>Queued, and older acknowledged messages had to go.</summary>
    Overflow,
}

/// <summary>What the writer sends next: a PUBLISH, or the PUBREL that stands in its place.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="PacketId">0 at QoS 0.</param>
/// <param name="IsRelease">Send PUBREL.</param>
/// <param name="Dup">It was sent before.</param>
/// <param name="Expiry">Seconds that remain; null: no end.</param>
internal readonly record struct Outgoing(Delivery Delivery, ushort PacketId, bool IsRelease, bool Dup, uint? Expiry);
