using System.Buffers.Binary;

namespace Gateway.Adapters.Lora;

/// <summary>What a frame is for.</summary>
public enum FrameKind : byte
{
    /// <summary>Values of a node.</summary>
    Data = 0,

    /// <summary>Something that the node shall do.</summary>
    Command = 1,

    /// <summary>The frame with the counter in the payload arrived.</summary>
    Acknowledgement = 2,
}

/// <summary>The own small frame, for modems that carry bytes and nothing else: who sent it, its number, and whether it is whole. Described in <c>docs/lora-frame.md</c>.</summary>
/// <remarks>
/// <code>
/// 0   2  magic 0xE7 0x9D
/// 2   1  length of what follows, without the checksum: 8 to 200
/// 3   1  flags: bits 0-1 kind, bit 2 from the gateway, bit 3 acknowledgement wanted, bit 4 encrypted, bits 5-7 version (0)
/// 4   2  node, big-endian, 1 to 65534
/// 6   4  counter, big-endian: grows with every frame that the sender makes
/// 10  1  port: tells kinds of payloads apart, 0 if there is only one
/// 11  n  payload; if encrypted, ciphertext and 8 bytes of tag
///     2  CRC-16/IBM-3740 of everything from the length on, big-endian
/// </code>
/// </remarks>
/// <param name="Kind">What it is for.</param>
/// <param name="Node">The node that sent it, or that is meant.</param>
/// <param name="Counter">Its number.</param>
/// <param name="Port">The kind of its payload.</param>
/// <param name="Payload">As carried: the ciphertext and tag if encrypted.</param>
public readonly record struct NodeFrame(FrameKind Kind, ushort Node, uint Counter, byte Port, ReadOnlyMemory<byte> Payload)
{
    public const byte Magic0 = 0xE7;
    public const byte Magic1 = 0x9D;

    /// <summary>Magic and length.</summary>
    internal const int Prefix = 3;

    /// <summary>Flags, node, counter, port.</summary>
    internal const int Header = 8;

    /// <summary>Header and payload: with everything around it, it fits into the smallest packet of the supported modems (EBYTE E220, 200 bytes, less is lost to LoRa-E5).</summary>
    internal const int LongestBody = 192;

    /// <summary>All of a frame that is not payload.</summary>
    public const int Overhead = Prefix + Header + 2;

    public const int LongestPayload = LongestBody - Header;

    public const int LongestFrame = LongestBody + Prefix + 2;

    public bool IsFromGateway { get; init; }

    /// <summary>The receiver shall answer with an <see cref="FrameKind.Acknowledgement"/>.</summary>
    public bool WantsAcknowledgement { get; init; }

    public bool IsEncrypted { get; init; }

    internal byte Flags => (byte)((byte)Kind | (IsFromGateway ? 4 : 0) | (WantsAcknowledgement ? 8 : 0) | (IsEncrypted ? 16 : 0));

    /// <summary>The header as it stands in the frame; what encryption authenticates besides the payload.</summary>
    internal void WriteHeader(Span<byte> header)
    {
        header[0] = Flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], Node);
        BinaryPrimitives.WriteUInt32BigEndian(header[3..], Counter);
        header[7] = Port;
    }

    /// <exception cref="ArgumentException">The payload is longer than <see cref="LongestPayload"/>.</exception>
    public byte[] ToBytes()
    {
        if (Payload.Length > LongestPayload)
        {
            throw new ArgumentException($"{Payload.Length} bytes of payload, and at most {LongestPayload} fit", nameof(Payload));
        }

        var bytes = new byte[Overhead + Payload.Length];
        bytes[0] = Magic0;
        bytes[1] = Magic1;
        bytes[2] = (byte)(Header + Payload.Length);
        WriteHeader(bytes.AsSpan(Prefix));
        Payload.Span.CopyTo(bytes.AsSpan(Prefix + Header));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(bytes.Length - 2), Crc16.Of(bytes.AsSpan(2, bytes.Length - 4)));
        return bytes;
    }

    /// <summary>Looks at the front of some bytes.</summary>
    /// <param name="bytes">At least one.</param>
    /// <returns>Length of the frame that begins here; 0: it may begin here, and more are needed; −1: none begins here.</returns>
    public static int Measure(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Magic0 || (bytes.Length > 1 && bytes[1] != Magic1) || (bytes.Length > 2 && bytes[2] is < Header or > LongestBody))
        {
            return -1;
        }

        if (bytes.Length < Prefix || bytes.Length < Prefix + bytes[2] + 2)
        {
            return 0;
        }

        var end = Prefix + bytes[2];
        return BinaryPrimitives.ReadUInt16BigEndian(bytes[end..]) == Crc16.Of(bytes[2..end]) ? end + 2 : -1;
    }

    /// <summary>Reads a frame that is all of the bytes.</summary>
    /// <returns>Why it is none; null: it is.</returns>
    public static string? Parse(ReadOnlyMemory<byte> bytes, out NodeFrame frame)
    {
        frame = default;
        var span = bytes.Span;
        if (span.Length < Overhead || span[0] != Magic0 || span[1] != Magic1)
        {
            return "not a frame of this gateway";
        }

        if (Measure(span) != span.Length)
        {
            return span.Length != Prefix + span[2] + 2 ? $"a frame of {Prefix + span[2] + 2} bytes in {span.Length}" : "wrong checksum";
        }

        var (flags, kind) = (span[3], span[3] & 3);
        if (flags >> 5 != 0 || kind == 3)
        {
            return flags >> 5 != 0 ? $"version {flags >> 5} of the frame" : "an unknown kind of frame";
        }

        var node = BinaryPrimitives.ReadUInt16BigEndian(span[4..]);
        if (node is 0 or ushort.MaxValue)
        {
            return $"node {node}, which nobody is";
        }

        frame = new((FrameKind)kind, node, BinaryPrimitives.ReadUInt32BigEndian(span[6..]), span[10], bytes[(Prefix + Header)..^2])
        {
            IsFromGateway = (flags & 4) != 0,
            WantsAcknowledgement = (flags & 8) != 0,
            IsEncrypted = (flags & 16) != 0,
        };
        return null;
    }
}
