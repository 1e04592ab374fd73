using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Gateway.Adapters.Ble;

/// <summary>A Bluetooth device address of 48 bits (Core 5.4 Vol 6 Part B §1.3). Written most significant byte first: <c>AA:BB:CC:DD:EE:FF</c>.</summary>
/// <param name="Value">The 48 bits; the first byte as written is the most significant.</param>
public readonly record struct BleAddress(ulong Value)
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 6;

    /// <summary>Of a random address: it stays at least until the device starts anew (the two most significant bits are 11, Core 5.4 Vol 6 Part B §1.3.2.1).</summary>
    public bool IsStaticRandom => Value >> 46 == 0b11;

    /// <summary>Reads six bytes in hexadecimal, with colons or hyphens between them or without any; either case.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BleAddress address)
    {
        address = default;
        var digits = text?.Length == 17 && HasSeparators(text) ? text.Replace(text[2..3], "", StringComparison.Ordinal) : text;
        if (digits?.Length != Length * 2 || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        address = new(value);
        return true;
    }

    /// <summary>The six bytes in the order in which they are written.</summary>
    public void CopyTo(Span<byte> bytes)
    {
        for (var i = 0; i < Length; i++)
        {
            bytes[i] = (byte)(Value >> (8 * (Length - 1 - i)));
        }
    }

    public override string ToString()
    {
        var hex = Value.ToString("X12", CultureInfo.InvariantCulture);
        return string.Create(17, hex, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = i % 3 == 2 ? ':' : from[i - (i / 3)];
            }
        });
    }

    private static bool HasSeparators(string text)
    {
        if (text[2] is not (':' or '-'))
        {
            return false;
        }

        for (var i = 5; i < text.Length; i += 3)
        {
            if (text[i] != text[2])
            {
                return false;
            }
        }

        return true;
    }
}
