using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Broker;
using Gateway.Mqtt;

namespace Gateway.Benchmarks.Modbus;

/// <summary>Counts a daemon's readings as a subscriber gets them, and how old they are then: the time in them is that of the read, in whole milliseconds of the same clock.</summary>
internal static class ReadingsRun
{
    /// <summary>More is not told apart.</summary>
    private const int MostMs = 10_000;

    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    public static void Run(int port, TimeSpan duration)
    {
        using var subscriber = new LoadClient(port, "bench");
        subscriber.Subscribe(["edge/+/telemetry/#"], QualityOfService.AtMostOnce);
        Take(subscriber, s_warmUp, null);
        var ages = new long[MostMs + 1];
        var start = Stopwatch.GetTimestamp();
        var count = Take(subscriber, duration, ages);
        var rate = count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:0} {Percentile(ages, count, 0.5)} {Percentile(ages, count, 0.99)}"));
    }

    private static long Take(LoadClient subscriber, TimeSpan duration, long[]? ages)
    {
        var start = Stopwatch.GetTimestamp();
        long count = 0;
        while (Stopwatch.GetElapsedTime(start) < duration && subscriber.Receive())
        {
            var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            while (subscriber.TryTake(out var packet))
            {
                count++;
                if (ages is not null)
                {
                    ages[Math.Clamp(now - ReadAt(packet), 0, MostMs)]++;
                }
            }
        }

        return count;
    }

    /// <exception cref="FormatException">It is no reading.</exception>
    private static long ReadAt(ReadOnlySpan<byte> packet)
    {
        var key = "\"ts\":"u8;
        var at = packet.IndexOf(key);
        return at >= 0 && Utf8Parser.TryParse(packet[(at + key.Length)..], out long ms, out _) ? ms : throw new FormatException("a message without ts");
    }

    private static int Percentile(long[] ages, long count, double share)
    {
        var rest = (long)Math.Ceiling(count * share);
        for (var ms = 0; ms < ages.Length; ms++)
        {
            rest -= ages[ms];
            if (rest <= 0)
            {
                return ms;
            }
        }

        return MostMs;
    }
}
