namespace Gateway.Storage;

/// <summary>A keyed fact that was set or removed.</summary>
internal static class KeyFrame
{
    public static void Put(ByteBuffer buffer, string key, ReadOnlySpan<byte> value)
    {
        var start = Frames.Begin(buffer, FrameType.Put);
        buffer.Text(key);
        buffer.Raw(value);
        Frames.End(buffer, start);
    }

    public static void Remove(ByteBuffer buffer, string key)
    {
        var start = Frames.Begin(buffer, FrameType.Remove);
        buffer.Text(key);
        Frames.End(buffer, start);
    }

    /// <summary>The key, and what follows it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out string key, out ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(body);
        key = reader.Text();
        value = reader.Rest;
        return !reader.Failed;
    }
}
