using System.Text;

namespace Gateway.Storage;

/// <summary>Topics repeat: the strings of the latest ones are handed out again instead of made anew. For one reader.</summary>
internal sealed class TopicCache
{
    private const int Slots = 1024;
    private readonly (byte[] Bytes, string Topic)[] _slots = new (byte[], string)[Slots];

    public string Get(ReadOnlySpan<byte> bytes)
    {
        ref var slot = ref _slots[Checksum.Extend(Checksum.Start, bytes) % Slots];
        if (slot.Bytes is null || !bytes.SequenceEqual(slot.Bytes))
        {
            slot = (bytes.ToArray(), Encoding.UTF8.GetString(bytes));
        }

        return slot.Topic;
    }
}
