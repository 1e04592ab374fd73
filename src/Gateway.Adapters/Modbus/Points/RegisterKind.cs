using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A place in one of the four tables: <c>holding 100</c>.</summary>
/// <param name="Space">Which table.</param>
/// <param name="Address">Zero-based protocol address.</param>
public sealed record RegisterAddress(RegisterSpace Space, ushort Address);

/// <summary>Reads <c>holding 100</c>; knows what people write instead.</summary>
public sealed class RegisterKind : ScalarKind<RegisterAddress>
{
    /// <summary>Stands in where the real one was wrong; recognised by reference.</summary>
    public static readonly RegisterAddress Nowhere = new(RegisterSpace.Holding, 0);

    private static readonly RegisterSpace[] Spaces = Enum.GetValues<RegisterSpace>();

    public override string Name => "a register (coil, discrete, input or holding, and a zero-based address)";

    public override string Example => "holding 100";

    public override RegisterAddress Placeholder => Nowhere;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^(coil|discrete|input|holding) +[0-9]{1,5}$" };

    public override string Write(RegisterAddress value) => $"{value.Space.Word()} {value.Address}";

    protected override Complaint? Parse(string text, out RegisterAddress value)
    {
        value = Nowhere;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1 && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return new($"\"{text}\" does not say which table", Modicon(text, number));
        }

        if (parts.Length != 2 || !TrySpace(parts[0], out var space))
        {
            return NotA(text);
        }

        if (!uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var address) || address > ushort.MaxValue)
        {
            return new($"\"{parts[1]}\" is not an address", "write a whole number from 0 to 65535, in decimal");
        }

        value = new(space, (ushort)address);
        return null;
    }

    private static bool TrySpace(string word, out RegisterSpace space)
    {
        space = Array.Find(Spaces, s => s.Word() == word);
        return space.Word() == word;
    }

    /// <summary>40101 in a manual is holding register 101 counted from 1, which is address 100.</summary>
    private static string Modicon(string text, uint number)
    {
        var space = text.Length is 5 or 6
            ? text[0] switch { '0' => RegisterSpace.Coil, '1' => RegisterSpace.Discrete, '3' => RegisterSpace.Input, '4' => RegisterSpace.Holding, _ => (RegisterSpace?)null }
            : null;
        var offset = number % (text.Length == 5 ? 10_000u : 100_000u);
        return space is { } s && offset is > 0 and <= 65_536
            ? $"if this is a number from a manual, write {s.Word()} {offset - 1}"
            : $"write holding {number} or input {number}";
    }
}
