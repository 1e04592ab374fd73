namespace Gateway.Adapters.Ble;

/// <summary>Short Bluetooth UUIDs and their long form: <c>0000xxxx-0000-1000-8000-00805f9b34fb</c> (Core 5.4 Vol 3 Part B §2.5.1).</summary>
public static class BleUuid
{
    /// <summary>The long form of a 16-bit UUID (0xFCD2 is BTHome's).</summary>
    public static Guid Of(ushort shortForm) => new((uint)shortForm, 0x0000, 0x1000, 0x80, 0x00, 0x00, 0x80, 0x5F, 0x9B, 0x34, 0xFB);

    /// <summary>The 16-bit form, if it has one.</summary>
    public static bool TryShort(Guid uuid, out ushort shortForm)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        shortForm = (ushort)((bytes[2] << 8) | bytes[3]);
        return uuid == Of(shortForm);
    }
}
