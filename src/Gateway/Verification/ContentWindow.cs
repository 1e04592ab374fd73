using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Verification;

/// <summary>Remembers what the newest numbers of a stream carried, so that a repetition with other content is noticed.</summary>
internal sealed class ContentWindow(ContentBudget budget)
{
    /// <summary>65,536 numbers: MQTT has no more packet identifiers, so nothing that can be sent again lies further back.</summary>
    public const int Size = 65_536;

    private const int FirstSize = 256;

    private (ulong Number, ulong Content)[] _slots = [];
    private int _used;

    /// <summary>64 bits of a SHA-256: nobody makes two messages collide by accident, and few on purpose.</summary>
    /// <param name="topic">null: forwarded by another gateway, which may have renamed it.</param>
    /// <param name="payload">The payload.</param>
    public static ulong Of(string? topic, ReadOnlySpan<byte> payload)
    {
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (topic is not null)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(topic));
            hash.AppendData([0]);
        }

        hash.AppendData(payload);
        hash.GetHashAndReset(sum);
        return BinaryPrimitives.ReadUInt64LittleEndian(sum);
    }

    public void Keep(ulong number, ulong content)
    {
        if (_used >= _slots.Length && _slots.Length < Size && budget.TryTake(Math.Max(FirstSize, _slots.Length)))
        {
            Grow(Math.Max(FirstSize, _slots.Length * 2));
        }

        if (_slots.Length > 0)
        {
            ref var slot = ref _slots[number & (ulong)(_slots.Length - 1)];
            _used += slot.Number == 0 ? 1 : 0;
            slot = (number, content);
        }
    }

    /// <summary>Whether the number is still known, and carried something else.</summary>
    public bool Differs(ulong number, ulong content) =>
        _slots.Length > 0 && _slots[number & (ulong)(_slots.Length - 1)] is var slot && slot.Number == number && slot.Content != content;

    private void Grow(int size)
    {
        var old = _slots;
        _slots = new (ulong, ulong)[size];
        _used = 0;
        foreach (var (number, content) in old)
        {
            if (number != 0)
            {
                _slots[number & (ulong)(size - 1)] = (number, content);
                _used++;
            }
        }
    }
}

/// <summary>What the windows of all streams may take together: 2M numbers (32 MiB), 32 busy streams with a whole window each.</summary>
internal sealed class ContentBudget
{
    private int _left = 2 << 20;

    public bool TryTake(int numbers)
    {
        if (numbers > _left)
        {
            return false;
        }

        _left -= numbers;
        return true;
    }
}
