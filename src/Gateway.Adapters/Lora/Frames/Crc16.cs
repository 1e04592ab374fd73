namespace Gateway.Adapters.Lora;

/// <summary>CRC-16/IBM-3740 ("CCITT-FALSE"): polynomial 0x1021, begins with 0xFFFF, not reflected; 0x29B1 for "123456789".</summary>
internal static class Crc16
{
    private static readonly ushort[] s_table = [.. Enumerable.Range(0, 256).Select(Entry)];

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc = (ushort)((crc << 8) ^ s_table[(crc >> 8) ^ value]);
        }

        return crc;
    }

    private static ushort Entry(int index)
    {
        var crc = (ushort)(index << 8);
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (ushort)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }

        return crc;
    }
}
