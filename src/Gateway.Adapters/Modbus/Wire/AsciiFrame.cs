namespace Gateway.Adapters.Modbus;

/// <summary>A PDU between its unit and its checksum, in hexadecimal digits between <c>:</c> and CR LF (Modbus over Serial Line V1.02 §2.5.2).</summary>
public static class AsciiFrame
{
    /// <summary>Colon, unit, checksum, CR and LF.</summary>
    public const int Overhead = 7;

    /// <summary>513 characters (§2.5.2.1).</summary>
    public const int Largest = (2 * ModbusLimits.Pdu) + Overhead;

    /// <summary>Unit, the shortest PDU, checksum.</summary>
    private const int SmallestBody = 2 * 3;

    private const byte Start = (byte)':';

    /// <returns>Length of the frame.</returns>
    public static int Write(Span<byte> frame, byte unit, ReadOnlySpan<byte> pdu)
    {
        frame[0] = Start;
        var at = Put(frame, 1, unit);
        foreach (var value in pdu)
        {
            at = Put(frame, at, value);
        }

        at = Put(frame, at, (byte)(Lrc(pdu) - unit));
        frame[at] = (byte)'\r';
        frame[at + 1] = (byte)'\n';
        return at + 2;
    }

    /// <summary>The first whole frame with a right checksum.</summary>
    /// <param name="bytes">What has come.</param>
    /// <param name="content">Gets unit and PDU; at least 254 bytes.</param>
    /// <param name="length">Of the content.</param>
    /// <param name="taken">How many bytes are done with, whether or not one was found.</param>
    public static bool TryTake(ReadOnlySpan<byte> bytes, Span<byte> content, out int length, out int taken)
    {
        length = 0;
        taken = 0;
        while (bytes[taken..].IndexOf("\r\n"u8) is var end and >= 0)
        {
            // A colon within a frame begins a new one (§2.5.2.1).
            var line = bytes.Slice(taken, end);
            taken += end + 2;
            var body = line[(line.LastIndexOf(Start) + 1)..];
            if (body.Length < line.Length && TryRead(body, content, out length))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Looks for the response among what has come; whatever noise stands before it is passed over.</summary>
    /// <param name="bytes">What has come since the request.</param>
    /// <param name="unit">Who was asked.</param>
    /// <param name="request">What was asked: the request PDU.</param>
    /// <param name="pdu">Gets the response, or an exception.</param>
    /// <param name="length">Of the response.</param>
    public static bool TryFind(ReadOnlySpan<byte> bytes, byte unit, ReadOnlySpan<byte> request, Span<byte> pdu, out int length)
    {
        Span<byte> content = stackalloc byte[1 + ModbusLimits.Pdu];
        while (TryTake(bytes, content, out length, out var taken))
        {
            var found = content[1..length];
            if (content[0] == unit && (found[0] & ~ResponsePdu.ExceptionBit) == request[0] && ResponseLength.Of(request, found) == found.Length)
            {
                found.CopyTo(pdu);
                length = found.Length;
                return true;
            }

            bytes = bytes[taken..];
        }

        return false;
    }

    /// <summary>Whether a response of this unit to this function may have begun.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> bytes, byte unit, byte function)
    {
        Span<byte> head = stackalloc byte[5];
        head[0] = Start;
        Put(head, Put(head, 1, unit), function);

        // What is whole has been judged. The first digit of the function also tells an exception.
        bytes = bytes.LastIndexOf("\r\n"u8) is var end and >= 0 ? bytes[(end + 2)..] : bytes;
        var begun = bytes[(bytes.LastIndexOf(Start) is var at and >= 0 ? at : bytes.Length)..];
        return !begun.IsEmpty && begun[..Math.Min(begun.Length, 3)].SequenceEqual(head[..Math.Min(begun.Length, 3)]) && (begun.Length < 5 || begun[4] == head[4]);
    }

    /// <summary>Negative sum of all bytes (§2.5.2.2).</summary>
    public static byte Lrc(ReadOnlySpan<byte> bytes)
    {
        byte lrc = 0;
        foreach (var value in bytes)
        {
            lrc -= value;
        }

        return lrc;
    }

    private static bool TryRead(ReadOnlySpan<byte> digits, Span<byte> content, out int length)
    {
        length = 0;
        if (digits.Length is < SmallestBody or > Largest - 3 || digits.Length % 2 != 0)
        {
            return false;
        }

        byte sum = 0;
        for (var i = 0; i < digits.Length; i += 2)
        {
            var (high, low) = (Digit(digits[i]), Digit(digits[i + 1]));
            if (high < 0 || low < 0)
            {
                return false;
            }

            var value = (byte)((high << 4) | low);
            sum += value;
            if (i < digits.Length - 2)
            {
                content[length++] = value;
            }
        }

        return sum == 0;
    }

    private static int Put(Span<byte> frame, int at, byte value)
    {
        frame[at] = "0123456789ABCDEF"u8[value >> 4];
        frame[at + 1] = "0123456789ABCDEF"u8[value & 15];
        return at + 2;
    }

    /// <summary>Small letters are no part of the standard and harmless.</summary>
    private static int Digit(byte c) => c switch
    {
        >= (byte)'0' and <= (byte)'9' => c - '0',
        >= (byte)'A' and <= (byte)'F' => c - 'A' + 10,
        >= (byte)'a' and <= (byte)'f' => c - 'a' + 10,
        _ => -1,
    };
}
