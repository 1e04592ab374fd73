using System.Globalization;

namespace Gateway.Adapters.Modbus;

/// <summary>40101 in a manual: the first digit names the table, the others count from 1. Four of them reach to 9999, five to 65536.</summary>
internal static class ModiconNumber
{
    /// <param name="text">As written.</param>
    /// <param name="address">The place.</param>
    /// <param name="why">Why it is none, if it looks like one; null: it does not.</param>
    public static bool TryParse(string text, out RegisterAddress address, out string? why)
    {
        address = RegisterKind.Nowhere;
        why = null;
        if (text.Length is < 4 or > 7 || !uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        if (text.Length is 4 or 7)
        {
            why = $"it has {text.Length} digits, not five or six";
            return false;
        }

        RegisterSpace? space = text[0] switch { '0' => RegisterSpace.Coil, '1' => RegisterSpace.Discrete, '3' => RegisterSpace.Input, '4' => RegisterSpace.Holding, _ => null };
        var number = uint.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);
        why = space is null ? $"no table begins with {text[0]}; 0 is a coil, 1 a discrete, 3 an input and 4 a holding register"
            : number == 0 ? "the first of a table is 1"
            : number > ushort.MaxValue + 1 ? "the last of a table is 65536"
            : null;
        if (why is not null)
        {
            return false;
        }

        address = new(space!.Value, (ushort)(number - 1));
        return true;
    }

    /// <summary>With five digits where that is enough.</summary>
    public static string Of(RegisterAddress address)
    {
        var table = address.Space switch { RegisterSpace.Coil => '0', RegisterSpace.Discrete => '1', RegisterSpace.Input => '3', _ => '4' };
        return table + (address.Address + 1).ToString(address.Address < 9_999 ? "D4" : "D5", CultureInfo.InvariantCulture);
    }
}
