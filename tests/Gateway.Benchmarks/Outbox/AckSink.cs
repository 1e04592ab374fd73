using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Gateway.Benchmarks.Outbox;

/// <summary>An upstream that only acknowledges, after a round trip; says how many messages a second came, without the first third, in which a runtime compiles.</summary>
/// <remarks>Speaks just enough of MQTT 3.1.1 and 5.0 for a bridge: CONNACK, SUBACK, PINGRESP, PUBACK.</remarks>
internal sealed class AckSink(Socket socket, int count, TimeSpan roundTrip)
{
    /// <summary>Smaller publishes are the bridge's own (presence, ledgers): acknowledged, not counted.</summary>
    private const int SmallestMessage = Workload.Bytes - 24;

    private readonly Channel<(long Due, byte[] Bytes)> _answers = Channel.CreateUnbounded<(long, byte[])>();
    private readonly byte[] _received = new byte[1 << 20];
    private int _end;
    private int _seen;
    private long _first;
    private bool _isVersion5;

    public static int Run(int port, int count, int roundTripMilliseconds)
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        while (true)
        {
            using var socket = listener.Accept();
            socket.NoDelay = true;
            if (new AckSink(socket, count, TimeSpan.FromMilliseconds(roundTripMilliseconds)).Serve() is { } rate)
            {
                Console.WriteLine($"{rate:0}");
                return 0;
            }
        }
    }

    /// <returns>Messages per second; null: the connection ended before all had come.</returns>
    private double? Serve()
    {
        var answering = Task.Run(AnswerAsync);
        double? rate = null;
        var gone = false;
        while (!gone)
        {
            var read = TryReceive();
            gone = read == 0;
            _end += read;
            var (at, answers) = (0, new List<byte>());
            while (TryPacket(_received.AsSpan(at, _end - at), out var head, out var length))
            {
                Answer(_received.AsSpan(at, length), head, answers);
                at += length;
            }

            _received.AsSpan(at, _end - at).CopyTo(_received);
            _end -= at;
            if (answers.Count > 0)
            {
                _answers.Writer.TryWrite((Stopwatch.GetTimestamp() + (long)(roundTrip.TotalSeconds * Stopwatch.Frequency), [.. answers]));
            }

            if (_seen >= count && rate is null)
            {
                // Stays until the other side has its last acknowledgement and leaves, or for a moment.
                rate = (_seen - (count / 3)) / Stopwatch.GetElapsedTime(_first).TotalSeconds;
                socket.ReceiveTimeout = 1_000 + (int)roundTrip.TotalMilliseconds;
            }
        }

        _answers.Writer.Complete();
        answering.Wait();
        return rate;
    }

    private int TryReceive()
    {
        try
        {
            return socket.Receive(_received.AsSpan(_end));
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static bool TryPacket(ReadOnlySpan<byte> bytes, out int head, out int length)
    {
        (head, length) = (0, 0);
        for (var i = 1; i < Math.Min(bytes.Length, 5); i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if (bytes[i] < 0x80)
            {
                head = i + 1;
                length += head;
                return bytes.Length >= length;
            }
        }

        return false;
    }

    private void Answer(ReadOnlySpan<byte> packet, int head, List<byte> answers)
    {
        switch (packet[0] >> 4)
        {
            case 1:
                // The protocol's level stands behind its name.
                _isVersion5 = packet[head + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet[head..])] is 5 or 0x85;
                answers.AddRange(_isVersion5 ? [0x20, 3, 0, 0, 0] : [0x20, 2, 0, 0]);
                break;
            case 3 when (packet[0] & 0x06) == 2:
                Count(packet.Length);
                var id = packet.Slice(head + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet[head..]), 2);
                answers.AddRange([0x40, 2, id[0], id[1]]);
                break;
            case 8:
                answers.AddRange(_isVersion5 ? [0x90, 4, packet[head], packet[head + 1], 0, 1] : [0x90, 3, packet[head], packet[head + 1], 1]);
                break;
            case 12:
                answers.AddRange([0xD0, 0]);
                break;
        }
    }

    private void Count(int length)
    {
        if (length >= SmallestMessage && ++_seen == count / 3)
        {
            _first = Stopwatch.GetTimestamp();
        }
    }

    private async Task AnswerAsync()
    {
        await foreach (var (due, bytes) in _answers.Reader.ReadAllAsync())
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (left > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(left);
            }

            try
            {
                await socket.SendAsync(bytes);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
