using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>A place in one of the four tables: <c>holding 100</c>.</summary>
/// <param name="Space">Which table.</param>
/// <param name="Address">Zero-based protocol address.</param>
public sealed record RegisterAddress(RegisterSpace Space, ushort Address);

/// <summary>Reads <c>holding 100</c>, or <c>40101</c> where the device is configured so; knows what people write instead.</summary>
/// <param name="addressBase">How the device's registers are counted.</param>
public sealed class RegisterKind(AddressBase addressBase = AddressBase.Zero) : ScalarKind<RegisterAddress>
{
    /// <summary>Stands in where the real one was wrong; recognised by reference.</summary>
    public static readonly RegisterAddress Nowhere = new(RegisterSpace.Holding, 0);

    private static readonly RegisterSpace[] Spaces = Enum.GetValues<RegisterSpace>();

    private int First => addressBase == AddressBase.One ? 1 : 0;

    public override string Name => addressBase switch
    {
        AddressBase.Modicon => "a register in Modicon's numbers (0, 1, 3 or 4, and four or five digits from 1 on)",
        AddressBase.One => "a register (coil, discrete, input or holding, and its number counted from 1)",
        _ => "a register (coil, discrete, input or holding, and a zero-based address)",
    };

    public override string Example => addressBase == AddressBase.Modicon ? "40101" : "holding 100";

    public override RegisterAddress Placeholder => Nowhere;

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "string", ["pattern"] = "^(coil|discrete|input|holding) +(0x[0-9A-Fa-f]{1,4}|[0-9]{1,5})$|^[0134][0-9]{4,5}$" },
            new JsonObject { ["type"] = "integer", ["minimum"] = 10001, ["maximum"] = 465536 }),
    };

    public override string Write(RegisterAddress value) => $"{value.Space.Word()} {value.Address + First}";

    protected override Complaint? Parse(string text, out RegisterAddress value) => addressBase == AddressBase.Modicon ? Modicon(text, out value) : Words(text, out value);

    private Complaint? Words(string text, out RegisterAddress value)
    {
        value = Nowhere;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1 && TryDecimal(text, out var number))
        {
            return new(
                $"\"{text}\" does not say which table",
                ModiconNumber.TryParse(text, out var meant, out _)
                    ? $"if this is a number from a manual, write {meant.Space.Word()} {meant.Address + First}, or address-base: modicon in the device to write all of them so"
                    : $"write holding {number} or input {number}");
        }

        if (parts.Length != 2 || !TrySpace(parts[0], out var space))
        {
            return NotA(text);
        }

        if (!WholeNumber.TryParse(parts[1], out var address) || address > (ulong)(ushort.MaxValue + First))
        {
            return new($"\"{parts[1]}\" is not an address", $"write a whole number from {First} to {ushort.MaxValue + First}, in decimal or as 0x and hexadecimal digits");
        }

        if (address < (ulong)First)
        {
            return new($"{text} with address-base: 1, which counts from 1", $"write {space.Word()} 1 for the first one, or remove address-base if the manual counts from 0");
        }

        value = new(space, (ushort)(address - (ulong)First));
        return null;
    }

    private Complaint? Modicon(string text, out RegisterAddress value)
    {
        if (ModiconNumber.TryParse(text, out value, out var why))
        {
            return null;
        }

        value = Nowhere;
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return why is not null ? new($"{text} is no Modicon number: {why}", $"write {Example}")
            : parts.Length == 2 && TrySpace(parts[0], out var space) && WholeNumber.TryParse(parts[1], out var address) && address < ushort.MaxValue
                ? new(
                    $"\"{text}\" beside address-base: modicon: it could count from 0 or from 1",
                    $"write {ModiconNumber.Of(new(space, (ushort)address))} if it counts from 0, {(address > 0 ? $"{ModiconNumber.Of(new(space, (ushort)(address - 1)))} if it counts from 1, " : "")}or remove address-base")
                : NotA(text);
    }

    private static bool TrySpace(string word, out RegisterSpace space)
    {
        space = Array.Find(Spaces, s => s.Word() == word);
        return space.Word() == word;
    }

    private static bool TryDecimal(string text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
