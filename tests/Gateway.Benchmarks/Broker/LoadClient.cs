using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Gateway.Mqtt;

namespace Gateway.Benchmarks.Broker;

/// <summary>A client that costs next to nothing: a blocking socket, whole buffers, packets told apart by their first byte and length alone.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _received = new byte[256 << 10];
    private int _start;
    private int _end;

    public LoadClient(int port, string id)
    {
        _socket.Connect(IPAddress.Loopback, port);
        Send(new ConnectPacket { ClientId = id, Version = ProtocolVersion.V311, CleanStart = true, KeepAlive = 0 }.Write);
        Await(PacketType.ConnAck);
    }

    public void Subscribe(IReadOnlyList<string> filters, QualityOfService qos)
    {
        Send(w => new SubscribePacket(1, [.. filters.Select(f => new Subscription(f, qos))]).Write(w, ProtocolVersion.V311));
        Await(PacketType.SubAck);
    }

    public void Send(Action<IBufferWriter<byte>> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        write(bytes);
        Send(bytes.WrittenSpan);
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Blocks for the next bytes.</summary>
    /// <returns>false: the broker closed.</returns>
    public bool Receive()
    {
        _received.AsSpan(_start, _end - _start).CopyTo(_received);
        (_start, _end) = (0, _end - _start);
        var count = _socket.Receive(_received.AsSpan(_end));
        _end += count;
        return count > 0;
    }

    /// <summary>The next whole packet that has been received.</summary>
    public bool TryTake(out ReadOnlySpan<byte> packet)
    {
        packet = default;
        var length = 0;
        for (var i = 1; _start + i < _end; i++)
        {
            var b = _received[_start + i];
            length |= (b & 0x7F) << (7 * (i - 1));
            if (b < 0x80)
            {
                var total = 1 + i + length;
                if (_end - _start < total)
                {
                    return false;
                }

                packet = _received.AsSpan(_start, total);
                _start += total;
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _socket.Dispose();

    private void Await(PacketType type)
    {
        ReadOnlySpan<byte> packet;
        while (!TryTake(out packet))
        {
            if (!Receive())
            {
                throw new IOException("the broker closed the connection");
            }
        }

        if (packet[0] >> 4 != (int)type)
        {
            throw new IOException($"expected {type}, got {packet[0]:x2}");
        }
    }
}
