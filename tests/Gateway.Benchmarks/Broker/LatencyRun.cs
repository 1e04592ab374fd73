using System.Buffers.Binary;
using System.Diagnostics;
using Gateway.Mqtt;

namespace Gateway.Benchmarks.Broker;

/// <summary>Time from a publish to its delivery at a steady rate, QoS 0.</summary>
internal static class LatencyRun
{
    public static int Run(int port, int rate, int seconds)
    {
        using var subscriber = new LoadClient(port, "sub");
        subscriber.Subscribe(["latency"], QualityOfService.AtMostOnce);
        using var publisher = new LoadClient(port, "pub");
        var count = rate * seconds;
        var micros = new List<double>(count);
        var reader = new Thread(() =>
        {
            while (micros.Count < count && subscriber.Receive())
            {
                while (subscriber.TryTake(out var packet))
                {
                    micros.Add((Stopwatch.GetTimestamp() - BinaryPrimitives.ReadInt64BigEndian(packet[^8..])) * 1e6 / Stopwatch.Frequency);
                }
            }
        });
        reader.Start();
        var start = Stopwatch.GetTimestamp();
        var payload = new byte[8];
        for (var i = 0; i < count; i++)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < (double)i / rate)
            {
                Thread.Sleep(0);
            }

            BinaryPrimitives.WriteInt64BigEndian(payload, Stopwatch.GetTimestamp());
            publisher.Send(w => PublishPacket.Write(w, new MqttMessage { Topic = "latency", Payload = payload }, ProtocolVersion.V311, default));
        }

        reader.Join();
        micros.Sort();
        Console.WriteLine($"p50 {micros[count / 2]:N0} us, p99 {micros[count * 99 / 100]:N0} us");
        return 0;
    }
}
