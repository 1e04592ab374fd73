using System.Buffers;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>Everything but PUBLISH that waits to be written to one client. The read loop puts in, the write loop takes out.</summary>
/// <remarks>
/// Acknowledgements of publishes leave in the order in which the publishes came (MQTT-4.6.0-2, -3): one that waits for the disk holds back those behind it.
/// Both parts are bounded: the reader stops while <see cref="HasRoom"/> is false.
/// </remarks>
internal sealed class ControlBuffer(DurabilityGate gate, ClientParameters client, AsyncSignal writer)
{
    /// <summary>A client that sends PINGREQ and does not read is not read from after this much.</summary>
    private const int MaximumBytes = 32 << 10;

    private readonly ProtocolVersion _version = client.Version;
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _bytes = new(256);
    private readonly Queue<PendingAck> _acks = new();
    private int _waiting;
    private int _unacknowledged;

    private readonly record struct PendingAck(PacketType Type, ushort PacketId, ReasonCode Reason, long RequiredLsn);

    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _bytes.WrittenCount < MaximumBytes && _acks.Count < client.AckLimit;
            }
        }
    }

    /// <summary>The reader stands still, and it is the disk that it waits for: the client is not to blame for its silence.</summary>
    public bool WaitsForDisk
    {
        get
        {
            lock (_lock)
            {
                return _acks.Count >= client.AckLimit && _acks.TryPeek(out var oldest) && gate.StateOf(oldest.RequiredLsn) == LsnState.Waiting;
            }
        }
    }

    /// <summary>Counts a PUBLISH that will be acknowledged.</summary>
    /// <returns>false: more than the Receive Maximum (MQTT 5.0 §3.3.4).</returns>
    public bool TryReceive()
    {
        lock (_lock)
        {
            return ++_unacknowledged <= client.AckLimit || _version < ProtocolVersion.V500;
        }
    }

    /// <summary>PUBACK or PUBREC, once <paramref name="requiredLsn"/> is durable and all before it are gone.</summary>
    public void Acknowledge(PacketType type, ushort packetId, ReasonCode reason, long requiredLsn)
    {
        lock (_lock)
        {
            if (_acks.Count == 0 && requiredLsn == 0)
            {
                Write(new AckPacket(type, packetId, reason));
            }
            else
            {
                _acks.Enqueue(new PendingAck(type, packetId, reason, requiredLsn));
                Volatile.Write(ref _waiting, _acks.Count);
            }
        }

        // Whatever became durable before it stood in the queue has woken nobody.
        if (gate.StateOf(requiredLsn) != LsnState.Waiting)
        {
            writer.Set();
        }
    }

    /// <summary>PUBREL or PUBCOMP.</summary>
    public void Add(in AckPacket packet)
    {
        lock (_lock)
        {
            Write(packet);
        }

        writer.Set();
    }

    /// <summary>SUBACK or UNSUBACK.</summary>
    /// <returns>false: it is larger than the client takes (MQTT-3.1.2-24). No other packet can be: CONNACK is larger than the rest, and has been weighed.</returns>
    public bool TryAdd(SubAckPacket packet)
    {
        if (packet.Size(_version) > client.MaximumPacketSize)
        {
            return false;
        }

        lock (_lock)
        {
            packet.Write(_bytes, _version);
        }

        writer.Set();
        return true;
    }

    public void Add(ConnAckPacket packet)
    {
        lock (_lock)
        {
            packet.Write(_bytes, _version);
        }

        writer.Set();
    }

    public void AddPong()
    {
        lock (_lock)
        {
            Ping.WriteResponse(_bytes);
        }

        writer.Set();
    }

    /// <summary>Copies to <paramref name="output"/> what may go now.</summary>
    /// <returns>false: the disk failed, and this protocol cannot say so (before 5.0): the connection must end without these acknowledgements.</returns>
    public bool Drain(IBufferWriter<byte> output)
    {
        lock (_lock)
        {
            while (_acks.TryPeek(out var ack) && gate.StateOf(ack.RequiredLsn) is var state and not LsnState.Waiting)
            {
                if (state == LsnState.Failed && _version < ProtocolVersion.V500)
                {
                    return false;
                }

                _acks.Dequeue();
                Write(new AckPacket(ack.Type, ack.PacketId, state == LsnState.Failed ? ReasonCode.ImplementationSpecificError : ack.Reason));
            }

            Volatile.Write(ref _waiting, _acks.Count);
            if (_bytes.WrittenCount > 0)
            {
                output.Write(_bytes.WrittenSpan);
                _bytes.ResetWrittenCount();
            }
        }

        return true;
    }

    public void WakeIfWaiting()
    {
        if (Volatile.Read(ref _waiting) > 0)
        {
            writer.Set();
        }
    }

    private void Write(in AckPacket packet)
    {
        // These three end a delivery to us (§3.3.4).
        if (packet.Type is PacketType.PubAck or PacketType.PubComp || (packet.Type == PacketType.PubRec && packet.ReasonCode.IsFailure()))
        {
            _unacknowledged = Math.Max(0, _unacknowledged - 1);
        }

        packet.Write(_bytes, _version);
    }
}
