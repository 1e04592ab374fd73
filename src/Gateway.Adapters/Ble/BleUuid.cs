using System.Globalization;

namespace Gateway.Adapters.Ble;

/// <summary>Short Bluetooth UUIDs and their long form: <c>0000xxxx-0000-1000-8000-00805f9b34fb</c> (Core 5.4 Vol 3 Part B §2.5.1).</summary>
public static class BleUuid
{
    /// <summary>The long form of a 16-bit UUID (0xFCD2 is BTHome's).</summary>
    public static Guid Of(ushort shortForm) => Of((uint)shortForm);

    /// <summary>The 16-bit form, if it has one.</summary>
    public static bool TryShort(Guid uuid, out ushort shortForm)
    {
        Span<byte> bytes = stackalloc byte[16];
        uuid.TryWriteBytes(bytes, bigEndian: true, out _);
        shortForm = (ushort)((bytes[2] << 8) | bytes[3]);
        return uuid == Of(shortForm);
    }

    /// <summary>As people write it: <c>2a19</c>, or all of it.</summary>
    public static string Write(Guid uuid) => TryShort(uuid, out var shortForm) ? shortForm.ToString("x4", CultureInfo.InvariantCulture) : uuid.ToString("D");

    /// <summary>Four or eight hexadecimal digits, with or without <c>0x</c>, or the 36 characters of the long form.</summary>
    public static bool TryParse(string text, out Guid uuid)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text.AsSpan(2) : text;
        if (digits.Length is 4 or 8 && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            uuid = Of(value);
            return true;
        }

        return Guid.TryParseExact(text, "D", out uuid);
    }

    private static Guid Of(uint value) => new(value, 0x0000, 0x1000, 0x80, 0x00, 0x00, 0x80, 0x5F, 0x9B, 0x34, 0xFB);
}
