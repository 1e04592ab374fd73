using System.Buffers;

namespace Gateway.Mqtt;

/// <summary>Cuts a byte stream into control packets (MQTT 5.0 §2.1).</summary>
public static class PacketFramer
{
    /// <summary>Largest value of a Variable Byte Integer of four bytes (MQTT 5.0 §1.5.5).</summary>
    public const int MaximumRemainingLength = 268_435_455;

    /// <summary>Takes the next packet off <paramref name="buffer"/>.</summary>
    /// <param name="buffer">What has been received; advanced past the packet when it is complete.</param>
    /// <param name="maximumPacketSize">Bytes, fixed header included; a larger packet is refused as soon as its length is known.</param>
    /// <param name="header">The first byte: type and flags.</param>
    /// <param name="body">What follows the Remaining Length; valid as long as the buffer.</param>
    /// <param name="maybePadded">A Remaining Length may take more bytes than it needs: only 5.0 forbids it (MQTT-1.5.5-1), and firmware that reserves two bytes for it exists.</param>
    public static FrameStatus TryRead(
        ref ReadOnlySequence<byte> buffer, int maximumPacketSize, out byte header, out ReadOnlySequence<byte> body, bool maybePadded = false)
    {
        header = 0;
        body = default;
        Span<byte> start = stackalloc byte[5];
        var available = (int)Math.Min(start.Length, buffer.Length);
        if (available < 2)
        {
            return FrameStatus.Incomplete;
        }

        if (buffer.FirstSpan.Length >= available)
        {
            buffer.FirstSpan[..available].CopyTo(start);
        }
        else
        {
            buffer.Slice(0, available).CopyTo(start);
        }

        header = start[0];
        var remaining = 0;
        for (var i = 1; ; i++)
        {
            if (i == available)
            {
                return i == 5 ? FrameStatus.Malformed : FrameStatus.Incomplete;
            }

            remaining |= (start[i] & 0x7F) << (7 * (i - 1));
            if (start[i] < 0x80)
            {
                if (i > 1 && start[i] == 0 && !maybePadded)
                {
                    return FrameStatus.Malformed;
                }

                var total = 1 + i + (long)remaining;
                if (total > maximumPacketSize)
                {
                    return FrameStatus.TooLarge;
                }

                if (buffer.Length < total)
                {
                    return FrameStatus.Incomplete;
                }

                body = buffer.Slice(1 + i, remaining);
                buffer = buffer.Slice(total);
                return FrameStatus.Complete;
            }
        }
    }

    /// <summary>Bytes that the Variable Byte Integer of <paramref name="value"/> takes.</summary>
    public static int LengthSize(int value) => value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;

    /// <summary>Writes a Variable Byte Integer (MQTT 5.0 §1.5.5).</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteLength(Span<byte> target, int value)
    {
        var i = 0;
        for (; value >= 128; value >>= 7)
        {
            target[i++] = (byte)(value | 0x80);
        }

        target[i++] = (byte)value;
        return i;
    }
}

public enum FrameStatus : byte
{
    Complete,
    Incomplete,
    Malformed,
    TooLarge,
}
