namespace Gateway.Storage;

/// <summary>An entry that was copied forward out of an older segment, for one stream: group, when it was appended, and the entry as it was, with that one target.</summary>
/// <remarks>Those of one group lay together before (one <see cref="Extent"/>), and do again. The newest copy counts, and it has all that waited when it was made.</remarks>
internal static class CopyFrame
{
    public static void Write(ByteBuffer buffer, uint group, Moment appendedAt, uint stream, in EntryFrame.EntryHead entry)
    {
        var start = Frames.Begin(buffer, FrameType.Copy);
        buffer.Number(group);
        buffer.UInt64((ulong)appendedAt.Wall);
        buffer.Guid(appendedAt.Boot);
        buffer.UInt64((ulong)appendedAt.SinceBoot);
        buffer.Byte(appendedAt.Trusted ? (byte)1 : (byte)0);
        EntryFrame.WriteHead(buffer, stream, entry);
        buffer.Raw(entry.Rest);
        Frames.End(buffer, start);
    }

    /// <summary>Reads all but the entry, which reads as the body of an entry's frame.</summary>
    /// <returns>false: damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out uint group, out Moment appendedAt, out ReadOnlySpan<byte> entry)
    {
        var reader = new ByteReader(body);
        group = (uint)reader.Number();
        var wall = (long)reader.UInt64();
        var boot = reader.Guid();
        appendedAt = new Moment(wall, boot, (long)reader.UInt64(), reader.Byte() != 0);
        entry = reader.Rest;
        return !reader.Failed;
    }
}
