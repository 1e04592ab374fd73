using System.Buffers.Binary;

namespace Gateway.Storage;

/// <summary>How far the journal certainly reaches: what of it is missing at a start is damage, however much it looks like a torn tail.</summary>
/// <param name="Journal">Whose mark it is.</param>
/// <param name="Serial">Grows with each mark: the higher one of two is the newer.</param>
/// <param name="IsFinal">The journal was closed in order: it ends here.</param>
/// <param name="Generation">Its newest segment.</param>
/// <param name="Size">Bytes of that segment.</param>
/// <param name="FirstCommit">The first commit in that segment.</param>
/// <param name="NextCommit">The number after the last commit.</param>
/// <param name="End">Where the last commit ends in that segment.</param>
/// <param name="Streams">All streams, with neither gaps nor what is done above the cursor.</param>
internal sealed record JournalMark(
    Guid Journal, ulong Serial, bool IsFinal, ulong Generation, long Size, ulong FirstCommit, ulong NextCommit, long End, IReadOnlyList<StreamFrame> Streams)
{
    /// <summary>32 KiB: some hundred streams. The definitions of more are only in the journal itself.</summary>
    public const int Longest = 32 << 10;

    private const uint Version = 1;

    /// <summary>"EGWMARK" and a zero.</summary>
    private const ulong Magic = 0x004B52414D574745;

    /// <summary>Magic, length of all, CRC32C of what follows it.</summary>
    private const int Fixed = 16;

    public ByteBuffer Encode()
    {
        var buffer = new ByteBuffer(Layout.Block);
        buffer.UInt64(Magic);
        buffer.UInt64(0);
        buffer.UInt32(Version);
        buffer.Guid(Journal);
        buffer.UInt64(Serial);
        buffer.Byte(IsFinal ? (byte)1 : (byte)0);
        buffer.UInt64(Generation);
        buffer.UInt64((ulong)Size);
        buffer.UInt64(FirstCommit);
        buffer.UInt64(NextCommit);
        buffer.UInt64((ulong)End);
        foreach (var stream in Streams)
        {
            var before = buffer.Length;
            stream.Write(buffer);
            if (buffer.Length > Longest)
            {
                buffer.Reset(before);
                break;
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(buffer.Written[8..], buffer.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Written[12..], Checksum.Extend(Checksum.Start, buffer.Written[Fixed..]));
        buffer.Pad(Layout.Block);
        return buffer;
    }

    /// <returns>null: there is none here that could be read.</returns>
    public static JournalMark? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Fixed || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (length < Fixed || length > bytes.Length || BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Checksum.Extend(Checksum.Start, bytes[Fixed..length]))
        {
            return null;
        }

        var reader = new ByteReader(bytes[Fixed..length]);
        if (reader.UInt32() != Version)
        {
            return null;
        }

        var mark = new JournalMark(
            reader.Guid(),
            reader.UInt64(),
            reader.Byte() != 0,
            reader.UInt64(),
            (long)reader.UInt64(),
            reader.UInt64(),
            reader.UInt64(),
            (long)reader.UInt64(),
            ReadStreams(ref reader));
        return reader.Failed ? null : mark;
    }

    private static List<StreamFrame> ReadStreams(ref ByteReader reader)
    {
        var streams = new List<StreamFrame>();
        var rest = reader.Rest;
        while (Frames.TryNext(ref rest, out var type, out var body))
        {
            if (type == FrameType.Stream && StreamFrame.Read(body) is { } frame)
            {
                streams.Add(frame);
            }
        }

        return streams;
    }
}
