using System.Globalization;
using System.Text;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Tests.Storage;

/// <summary>Of messages "number filler" makes one per topic that has a bit for each of their numbers, "numbers 0B…": so a test knows of each what became of it, and a summary is no larger than its numbers.</summary>
internal sealed class ListDigest : IDigest
{
    private const string Mark = "numbers ";
    private readonly SortedDictionary<string, SortedSet<int>> _numbers = [];

    public long Bytes => _numbers.Sum(static n => 120L + (n.Value.Max / 4));

    public static StreamLimits Limits(long size) => new() { Size = size, WhenFull = WhenFull.Downsample, Digest = static () => new ListDigest() };

    /// <summary>What a payload tells of.</summary>
    public static IEnumerable<int> Numbers(string payload)
    {
        if (!payload.StartsWith(Mark, StringComparison.Ordinal))
        {
            return [int.Parse(payload.Split(' ')[0], CultureInfo.InvariantCulture)];
        }

        var bits = Convert.FromHexString(payload[Mark.Length..]);
        return Enumerable.Range(0, bits.Length * 8).Where(n => (bits[n / 8] >> (n % 8) & 1) != 0);
    }

    public static string Payload(int number, int filler = 500) => $"{number} {new string('x', filler)}";

    public bool TryAdd(string topic, MqttMessage message)
    {
        if (topic.StartsWith("other", StringComparison.Ordinal))
        {
            return false;
        }

        if (!_numbers.TryGetValue(topic, out var numbers))
        {
            _numbers[topic] = numbers = [];
        }

        foreach (var number in Numbers(Encoding.UTF8.GetString(message.Payload.Span)))
        {
            Assert.True(numbers.Add(number), $"{number} is summed up twice");
        }

        return true;
    }

    public bool Coarsen() => false;

    public IReadOnlyList<StandIn> Finish() => [.. _numbers.Select(static n => new StandIn(n.Key, JournalHarness.Message(n.Key, Mark + Write(n.Value))))];

    private static string Write(SortedSet<int> numbers)
    {
        var bits = new byte[(numbers.Max / 8) + 1];
        foreach (var number in numbers)
        {
            bits[number / 8] |= (byte)(1 << (number % 8));
        }

        return Convert.ToHexString(bits);
    }
}
