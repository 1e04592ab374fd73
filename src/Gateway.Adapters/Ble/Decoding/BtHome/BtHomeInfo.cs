namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The device information byte of BTHome v2: bit 0 encrypted, bit 1 an address follows, bit 2 sends when something happens, bits 5 to 7 the version.</summary>
internal static class BtHomeInfo
{
    public const int Known = 2;

    public static bool IsEncrypted(byte info) => (info & 0x01) != 0;

    public static bool HasAddress(byte info) => (info & 0x02) != 0;

    public static int Version(byte info) => info >> 5;
}
