namespace Gateway.Storage;

/// <summary>The newest entry of each retained topic in a stream.</summary>
internal static class RetainedFrame
{
    public static void Write(ByteBuffer buffer, uint stream, IReadOnlyCollection<KeyValuePair<string, ulong>> newest)
    {
        var start = Frames.Begin(buffer, FrameType.Retained);
        buffer.Number(stream);
        buffer.Number((ulong)newest.Count);
        foreach (var (topic, seq) in newest)
        {
            buffer.Text(topic);
            buffer.Number(seq);
        }

        Frames.End(buffer, start);
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out uint stream, out List<KeyValuePair<string, ulong>> newest)
    {
        var reader = new ByteReader(body);
        stream = (uint)reader.Number();
        newest = [];
        for (var left = reader.Number(); left > 0 && !reader.Failed; left--)
        {
            newest.Add(new KeyValuePair<string, ulong>(reader.Text(), reader.Number()));
        }

        return !reader.Failed;
    }
}
