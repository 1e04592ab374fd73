namespace Gateway.Adapters.Modbus;

/// <summary>Binary-coded decimals: one digit in each half byte.</summary>
internal static class Bcd
{
    /// <returns>false: a half byte is no digit.</returns>
    public static bool TryDecode(ulong bits, out long number)
    {
        number = 0;
        for (var shift = 28; shift >= 0; shift -= 4)
        {
            var digit = (bits >> shift) & 0xF;
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + (long)digit;
        }

        return true;
    }

    /// <param name="number">0 to 99,999,999.</param>
    public static ulong Encode(ulong number)
    {
        ulong bits = 0;
        for (var shift = 0; number > 0; shift += 4, number /= 10)
        {
            bits |= number % 10 << shift;
        }

        return bits;
    }
}
