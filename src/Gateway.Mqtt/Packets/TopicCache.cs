using System.Text;

namespace Gateway.Mqtt;

/// <summary>The strings of the topics that a connection used last: a sensor publishes to the same few for years.</summary>
/// <remarks>Direct-mapped and of fixed size, so that hostile topics cost nothing but misses. Not thread-safe.</remarks>
public sealed class TopicCache
{
    private const int Slots = 64;

    /// <summary>Bytes; a sensor's topic is shorter, and 64 of a hostile client's longest would take 12 MB.</summary>
    private const int LongestKept = 256;

    private readonly (byte[] Bytes, string Text)[] _slots = new (byte[], string)[Slots];

    /// <summary>The topic's string.</summary>
    /// <returns>false: not a UTF-8 Encoded String (MQTT 5.0 §1.5.4).</returns>
    public bool TryGet(ReadOnlySpan<byte> bytes, out string topic)
    {
        if (bytes.Length > LongestKept)
        {
            return TryDecode(bytes, out topic);
        }

        ref var slot = ref _slots[Slot(bytes)];
        if (slot.Bytes is not null && bytes.SequenceEqual(slot.Bytes))
        {
            topic = slot.Text;
            return true;
        }

        if (!TryDecode(bytes, out topic))
        {
            return false;
        }

        slot = (bytes.ToArray(), topic);
        return true;
    }

    /// <summary>Decodes without the cache.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string topic)
    {
        var valid = PacketReader.IsText(bytes);
        topic = valid ? Encoding.UTF8.GetString(bytes) : "";
        return valid;
    }

    private static int Slot(ReadOnlySpan<byte> bytes)
    {
        var hash = new HashCode();
        hash.AddBytes(bytes);
        return hash.ToHashCode() & (Slots - 1);
    }
}
