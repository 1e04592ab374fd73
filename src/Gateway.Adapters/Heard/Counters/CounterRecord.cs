using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Heard;

/// <summary>What is kept of one device's counters, as 32 bytes.</summary>
/// <remarks>
/// <code>
/// 0   8  device and key: the beginning of HMAC-SHA256(key, device)
/// 8   4  received
/// 12  4  mark
/// 16  4  bound
/// 20  4  longest silence between two messages, in seconds
/// 24  4  bit 0: received and mark hold, bit 1: bound holds, bit 2: see <see cref="MustJump"/>, bit 3: see <see cref="TellsEvents"/>
/// 28  4  0
/// </code>
/// Before them stand the version (1) and how many there are, 4 bytes each. Numbers are little-endian.
/// </remarks>
/// <param name="Id">Which device, with which key.</param>
internal sealed record CounterRecord(ulong Id)
{
    private const int Version = 1;
    private const int HeaderLength = 8;
    private const int Length = 32;

    /// <summary>The last one that was heard; null: none.</summary>
    public uint? Received { get; init; }

    /// <summary>At or above <see cref="Received"/>: what is not newer is refused; null: nothing is.</summary>
    public uint? Mark { get; init; }

    /// <summary>Counters below it may have been sent; null: none was.</summary>
    public uint? Bound { get; init; }

    /// <summary>The longest silence between two messages.</summary>
    public uint QuietSeconds { get; init; }

    /// <summary>It comes out of a copy: more than <see cref="Bound"/> says may have been sent.</summary>
    public bool MustJump { get; init; }

    /// <summary>No message of it may be refused because a mark is ahead of it.</summary>
    public bool TellsEvents { get; init; }

    public static byte[] ToBytes(IReadOnlyList<CounterRecord> records)
    {
        var bytes = new byte[HeaderLength + (records.Count * Length)];
        WriteInt32LittleEndian(bytes, Version);
        WriteInt32LittleEndian(bytes.AsSpan(4), records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            var at = bytes.AsSpan(HeaderLength + (i * Length));
            WriteUInt64LittleEndian(at, record.Id);
            WriteUInt32LittleEndian(at[8..], record.Received ?? record.Mark ?? 0);
            WriteUInt32LittleEndian(at[12..], record.Mark ?? 0);
            WriteUInt32LittleEndian(at[16..], record.Bound ?? 0);
            WriteUInt32LittleEndian(at[20..], record.QuietSeconds);
            WriteInt32LittleEndian(at[24..], (record.Mark is null ? 0 : 1) | (record.Bound is null ? 0 : 2) | (record.MustJump ? 4 : 0) | (record.TellsEvents ? 8 : 0));
        }

        return bytes;
    }

    /// <returns>false: these are no such bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IReadOnlyList<CounterRecord> records)
    {
        records = [];
        if (bytes.Length < HeaderLength || ReadInt32LittleEndian(bytes) != Version || ReadInt32LittleEndian(bytes[4..]) != (bytes.Length - HeaderLength) / Length)
        {
            return false;
        }

        var read = new List<CounterRecord>();
        for (var rest = bytes[HeaderLength..]; rest.Length >= Length; rest = rest[Length..])
        {
            var flags = ReadInt32LittleEndian(rest[24..]);
            read.Add(new(ReadUInt64LittleEndian(rest))
            {
                Received = (flags & 1) != 0 ? ReadUInt32LittleEndian(rest[8..]) : null,
                Mark = (flags & 1) != 0 ? ReadUInt32LittleEndian(rest[12..]) : null,
                Bound = (flags & 2) != 0 ? ReadUInt32LittleEndian(rest[16..]) : null,
                QuietSeconds = ReadUInt32LittleEndian(rest[20..]),
                MustJump = (flags & 4) != 0,
                TellsEvents = (flags & 8) != 0,
            });
        }

        records = read;
        return true;
    }
}
