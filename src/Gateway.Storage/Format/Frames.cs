using System.Buffers.Binary;

namespace Gateway.Storage;

/// <summary>The envelope of frames: type, length, body.</summary>
internal static class Frames
{
    public static int Begin(ByteBuffer buffer, FrameType type)
    {
        buffer.Byte((byte)type);
        buffer.UInt32(0);
        return buffer.Length;
    }

    public static void End(ByteBuffer buffer, int start) =>
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.Written[(start - 4)..], (uint)(buffer.Length - start));

    /// <summary>Takes the next frame off the front.</summary>
    /// <returns>false: damaged.</returns>
    public static bool TryNext(ref ReadOnlySpan<byte> rest, out FrameType type, out ReadOnlySpan<byte> body)
    {
        type = default;
        body = default;
        if (rest.Length < Layout.FrameHeader)
        {
            return false;
        }

        type = (FrameType)rest[0];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]);
        if (length > rest.Length - Layout.FrameHeader)
        {
            return false;
        }

        body = rest.Slice(Layout.FrameHeader, (int)length);
        rest = rest[(Layout.FrameHeader + (int)length)..];
        return true;
    }
}
