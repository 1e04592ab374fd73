using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The header of a MiBeacon: frame control, product, frame counter, and what the frame control announces.</summary>
internal readonly ref struct MiBeaconFrame
{
    private const int ControlLength = 2;
    private const int HeaderLength = 5;
    private const byte HasInputOutput = 0x20;

    private MiBeaconFrame(ReadOnlySpan<byte> data, ReadOnlySpan<byte> address, ReadOnlySpan<byte> rest)
    {
        Data = data;
        Address = address;
        Rest = rest;
    }

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>The sender's address, least significant byte first; empty: not sent.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>The objects and, if encrypted, what comes behind them.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    public ushort Control => ReadUInt16LittleEndian(Data);

    public ushort Product => ReadUInt16LittleEndian(Data[ControlLength..]);

    public byte Counter => Data[HeaderLength - 1];

    /// <summary>Bytes of the nonce of versions 4 and 5: product and frame counter.</summary>
    public ReadOnlySpan<byte> ProductAndCounter => Data[ControlLength..HeaderLength];

    /// <summary>Frame control, product and frame counter.</summary>
    public ReadOnlySpan<byte> Header => Data[..HeaderLength];

    public bool IsEncrypted => (Control & 0x0008) != 0;

    public bool HasObjects => (Control & 0x0040) != 0;

    public int Version => Control >> 12;

    public static MiBeaconFault TryRead(ReadOnlySpan<byte> data, out MiBeaconFrame frame)
    {
        frame = default;
        if (data.Length < HeaderLength)
        {
            return MiBeaconFault.TooShort;
        }

        var control = ReadUInt16LittleEndian(data);
        if ((control & 0x0080) != 0 || control >> 12 is < 2 or > 5)
        {
            return MiBeaconFault.OtherKind;
        }

        var address = ReadOnlySpan<byte>.Empty;
        var rest = data[HeaderLength..];
        if ((control & 0x0010) != 0 && !TryTake(ref rest, BleAddress.Length, out address))
        {
            return MiBeaconFault.TooShort;
        }

        if ((control & 0x0020) != 0 && (!TryTake(ref rest, 1, out var capability) || ((capability[0] & HasInputOutput) != 0 && !TryTake(ref rest, 1, out _))))
        {
            return MiBeaconFault.TooShort;
        }

        frame = new(data, address, rest);
        return MiBeaconFault.None;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> rest, int length, out ReadOnlySpan<byte> taken)
    {
        if (rest.Length < length)
        {
            taken = default;
            return false;
        }

        taken = rest[..length];
        rest = rest[length..];
        return true;
    }
}

internal enum MiBeaconFault : byte
{
    None,
    TooShort,

    /// <summary>A mesh device, or a version that is not known.</summary>
    OtherKind,
}
