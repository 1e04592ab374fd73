using Gateway.Core;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Lora;

/// <summary>What is kept of airtime, as bytes.</summary>
/// <remarks>
/// <code>
/// 0   1  version: 1
/// 1   1  whether the wall clock was trusted
/// 2  16  boot id
/// 18  8  milliseconds since boot
/// 26  8  milliseconds since the epoch
/// 34  4  age in milliseconds of the moment up to which nothing is known; FFFFFFFF: everything is
/// 38  2  number of items, of which each: 8 transmitter, 8 band in Hz, 4 share in millionths, 2 number of packets, of which each: 4 age, 4 length, in milliseconds
/// </code>
/// Numbers are little-endian. Ages are rounded down and lengths up.
/// </remarks>
/// <param name="At">When it was written; ages count back from here.</param>
/// <param name="Unknown">How long before that nothing was known of what had been sent; null: everything is known.</param>
/// <param name="Items">Transmitters on bands.</param>
internal sealed record AirtimeRecord(MachineMoment At, TimeSpan? Unknown, IReadOnlyList<AirtimeItem> Items)
{
    private const byte Version = 1;
    private const int HeaderLength = 40;
    private const int ItemLength = 22;
    private const int PacketLength = 8;

    /// <summary>A century: no machine runs for longer, whatever the bytes say.</summary>
    private const long Longest = 100L * 366 * 24 * 3600 * 1000;

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderLength + Items.Sum(static i => ItemLength + (i.Sent.Count * PacketLength))];
        bytes[0] = Version;
        bytes[1] = (byte)(At.IsTrusted ? 1 : 0);
        At.Boot.TryWriteBytes(bytes.AsSpan(2));
        WriteInt64LittleEndian(bytes.AsSpan(18), (long)At.SinceBoot.TotalMilliseconds);
        WriteInt64LittleEndian(bytes.AsSpan(26), At.Wall.ToUnixTimeMilliseconds());
        WriteUInt32LittleEndian(bytes.AsSpan(34), Unknown is { } unknown ? Age(unknown) : uint.MaxValue);
        WriteUInt16LittleEndian(bytes.AsSpan(38), (ushort)Items.Count);
        var at = HeaderLength;
        foreach (var item in Items)
        {
            WriteUInt64LittleEndian(bytes.AsSpan(at), item.Transmitter);
            WriteInt64LittleEndian(bytes.AsSpan(at + 8), item.Band);
            WriteInt32LittleEndian(bytes.AsSpan(at + 16), (int)(item.Share * 1_000_000));
            WriteUInt16LittleEndian(bytes.AsSpan(at + 20), (ushort)item.Sent.Count);
            at += ItemLength;
            foreach (var (age, length) in item.Sent)
            {
                WriteUInt32LittleEndian(bytes.AsSpan(at), Age(age));
                WriteUInt32LittleEndian(bytes.AsSpan(at + 4), (uint)Math.Ceiling(length.TotalMilliseconds));
                at += PacketLength;
            }
        }

        return bytes;
    }

    /// <returns>false: these are no such bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AirtimeRecord? record)
    {
        record = null;
        if (bytes.Length < HeaderLength || bytes[0] != Version)
        {
            return false;
        }

        var moment = new MachineMoment(
            DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ReadInt64LittleEndian(bytes[26..]), 0, 253_402_300_799_999)), bytes[1] == 1, new Guid(bytes.Slice(2, 16)),
            Milliseconds(ReadInt64LittleEndian(bytes[18..])));
        var unknown = ReadUInt32LittleEndian(bytes[34..]);
        var items = new List<AirtimeItem>();
        var rest = bytes[HeaderLength..];
        for (var left = ReadUInt16LittleEndian(bytes[38..]); left > 0; left--)
        {
            if (rest.Length < ItemLength || rest.Length < ItemLength + (ReadUInt16LittleEndian(rest[20..]) * PacketLength))
            {
                return false;
            }

            var sent = new List<(TimeSpan Age, TimeSpan Length)>();
            for (var i = 0; i < ReadUInt16LittleEndian(rest[20..]); i++)
            {
                var packet = rest[(ItemLength + (i * PacketLength))..];
                sent.Add((Milliseconds(ReadUInt32LittleEndian(packet)), Milliseconds(ReadUInt32LittleEndian(packet[4..]))));
            }

            items.Add(new(ReadUInt64LittleEndian(rest), ReadInt64LittleEndian(rest[8..]), ReadInt32LittleEndian(rest[16..]) / 1_000_000m, sent));
            rest = rest[(ItemLength + (sent.Count * PacketLength))..];
        }

        record = new(moment, unknown == uint.MaxValue ? null : Milliseconds(unknown), items);
        return true;
    }

    private static uint Age(TimeSpan age) => (uint)Math.Clamp(age.TotalMilliseconds, 0, uint.MaxValue - 1);

    private static TimeSpan Milliseconds(long milliseconds) => TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, Longest));
}

/// <param name="Transmitter">Who.</param>
/// <param name="Band">Its lower end in Hz.</param>
/// <param name="Share">Of an hour, that it may send.</param>
/// <param name="Sent">The oldest first.</param>
internal sealed record AirtimeItem(ulong Transmitter, long Band, decimal Share, IReadOnlyList<(TimeSpan Age, TimeSpan Length)> Sent);
