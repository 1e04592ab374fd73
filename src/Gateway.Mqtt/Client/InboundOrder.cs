namespace Gateway.Mqtt;

/// <summary>Messages that wait for our acknowledgement, in the order in which they came: acknowledgements leave in that order (MQTT 5.0 §4.6).</summary>
internal sealed class InboundOrder(int capacity, WriteBuffer output, ProtocolVersion version)
{
    private readonly Lock _lock = new();
    private readonly (ushort PacketId, QualityOfService Qos, bool Done, ReasonCode Reason)[] _ring =
        new (ushort, QualityOfService, bool, ReasonCode)[capacity];

    /// <summary>Identifiers of QoS 2 messages that were delivered and not yet released (§4.3.3).</summary>
    private readonly HashSet<ushort> _unreleased = [];

    private long _head = 1;
    private long _next = 1;
    private TaskCompletionSource? _room;

    /// <summary>Takes a message in.</summary>
    /// <returns>Its ticket; 0: no room; -1: a QoS 2 message that was delivered before.</returns>
    public long Add(ushort packetId, QualityOfService qos)
    {
        lock (_lock)
        {
            if (qos == QualityOfService.ExactlyOnce && _unreleased.Contains(packetId))
            {
                return -1;
            }

            if (_next - _head == capacity)
            {
                return 0;
            }

            if (qos == QualityOfService.ExactlyOnce)
            {
                _unreleased.Add(packetId);
            }

            _ring[_next % capacity] = (packetId, qos, false, ReasonCode.Success);
            return _next++;
        }
    }

    public void Acknowledge(long ticket, ReasonCode reason)
    {
        TaskCompletionSource? room = null;
        lock (_lock)
        {
            if (ticket < _head || ticket >= _next)
            {
                return;
            }

            ref var entry = ref _ring[ticket % capacity];
            entry.Done = true;
            entry.Reason = reason;
            while (_head < _next && _ring[_head % capacity] is { Done: true } done)
            {
                _head++;
                (room, _room) = (_room ?? room, null);
                if (done.Qos == QualityOfService.ExactlyOnce && done.Reason.IsFailure())
                {
                    _unreleased.Remove(done.PacketId);
                }

                Write(done.Qos == QualityOfService.ExactlyOnce ? PacketType.PubRec : PacketType.PubAck, done.PacketId, done.Reason);
            }
        }

        room?.TrySetResult();
    }

    /// <summary>PUBREL: the server will not send that QoS 2 message again.</summary>
    public void Release(ushort packetId)
    {
        lock (_lock)
        {
            var known = _unreleased.Remove(packetId);
            Write(PacketType.PubComp, packetId, known ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound);
        }
    }

    /// <summary>A QoS 2 message that was delivered before is only acknowledged again, once its first PUBREC is out.</summary>
    public void Repeat(ushort packetId)
    {
        lock (_lock)
        {
            for (var i = _head; i < _next; i++)
            {
                if (_ring[i % capacity].PacketId == packetId)
                {
                    return;
                }
            }

            Write(PacketType.PubRec, packetId, ReasonCode.Success);
        }
    }

    /// <summary>Completes when there is room again. Before 5.0 a client cannot name its Receive Maximum: it stops reading instead.</summary>
    public Task WhenRoomAsync()
    {
        lock (_lock)
        {
            return _next - _head < capacity
                ? Task.CompletedTask
                : (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private void Write(PacketType type, ushort packetId, ReasonCode reason) =>
        output.Append((new AckPacket(type, packetId, reason), version), static (o, p) => p.Item1.Write(o, p.version));
}
