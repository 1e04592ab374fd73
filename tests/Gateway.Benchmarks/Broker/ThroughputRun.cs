using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Gateway.Mqtt;

namespace Gateway.Benchmarks.Broker;

/// <summary>Publishers and subscribers on one topic each way; nothing may be lost, so publishers stay a bounded distance ahead of the slowest subscriber.</summary>
internal sealed class ThroughputRun(int port, QualityOfService qos, int publishers, int subscribers, int messages, int payload)
{
    private const string Topic = "bench/site/telemetry";

    /// <summary>Messages in one write of a publisher.</summary>
    private const int Chunk = 100;

    /// <summary>Messages that may be on their way: below the queue bounds of the brokers (Mosquitto with max_queued_messages 0).</summary>
    private const int Ahead = 20_000;

    private readonly long[] _received = new long[subscribers * 16];
    private long _sent;

    public static int Run(int port, int qos, int publishers, int subscribers, int messages, int payload)
    {
        var run = new ThroughputRun(port, (QualityOfService)qos, publishers, subscribers, messages, payload);
        var delivered = run.Measure(out var seconds);
        Console.WriteLine($"qos {qos} {publishers}->{subscribers}: {messages / seconds:N0} published/s, {delivered / seconds:N0} delivered/s, {seconds:N2} s");
        return 0;
    }

    private long Measure(out double seconds)
    {
        var readers = Enumerable.Range(0, subscribers).Select(i =>
        {
            var client = new LoadClient(port, $"sub{i}");
            client.Subscribe([Topic], qos);
            return Start(() => Read(client, i));
        }).ToArray();
        var watch = Stopwatch.StartNew();
        var writers = Enumerable.Range(0, publishers).Select(i => Start(() => Write(i))).ToArray();
        foreach (var thread in writers.Concat(readers))
        {
            thread.Join();
        }

        seconds = watch.Elapsed.TotalSeconds;
        return (long)messages * subscribers;
    }

    private void Write(int index)
    {
        using var client = new LoadClient(port, $"pub{index}");
        var mine = messages / publishers;
        var chunk = new ArrayBufferWriter<byte>();
        for (ushort id = 1; id <= Chunk; id++)
        {
            PublishPacket.Write(chunk, new MqttMessage { Topic = Topic, Payload = new byte[payload] }, ProtocolVersion.V311, new PublishHeader(qos, qos == 0 ? (ushort)0 : id, false, false, null));
        }

        for (var sent = 0; sent < mine; sent += Chunk)
        {
            while (Interlocked.Read(ref _sent) - Slowest() > Ahead)
            {
                Thread.Sleep(0);
            }

            Interlocked.Add(ref _sent, Chunk);
            client.Send(chunk.WrittenSpan);
            for (var acks = 0; qos > 0 && acks < Chunk;)
            {
                if (client.TryTake(out _))
                {
                    acks++;
                }
                else
                {
                    client.Receive();
                }
            }
        }
    }

    private void Read(LoadClient client, int index)
    {
        var acks = new byte[4 * 4096];
        long count = 0;
        while (count < messages && client.Receive())
        {
            var length = 0;
            while (client.TryTake(out var packet))
            {
                count++;
                if (qos > 0)
                {
                    var at = (packet[1] < 0x80 ? 2 : 3) + 2 + Topic.Length;
                    acks[length] = (byte)PacketType.PubAck << 4;
                    acks[length + 1] = 2;
                    BinaryPrimitives.WriteUInt16BigEndian(acks.AsSpan(length + 2), BinaryPrimitives.ReadUInt16BigEndian(packet[at..]));
                    length += 4;
                }
            }

            Volatile.Write(ref _received[index * 16], count);
            client.Send(acks.AsSpan(0, length));
        }

        client.Dispose();
    }

    private long Slowest()
    {
        var slowest = long.MaxValue;
        for (var i = 0; i < subscribers; i++)
        {
            slowest = Math.Min(slowest, Volatile.Read(ref _received[i * 16]));
        }

        return slowest;
    }

    private static Thread Start(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        return thread;
    }
}
