using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <param name="Type">The type.</param>
/// <param name="Number">What follows its word: a bit's number, the bytes of a text.</param>
internal readonly record struct PointType(ModbusType Type, int Number = 0);

/// <summary>Reads <c>float32</c>, <c>bit 3</c>, <c>uint8 hi</c>, <c>string 16</c>; knows what people write instead.</summary>
internal sealed class TypeKind : ScalarKind<PointType>
{
    /// <summary>All that one read can carry.</summary>
    public const int MostBytes = ModbusLimits.ReadRegisters * 2;

    private static readonly ModbusType[] Plain = [.. Enum.GetValues<ModbusType>().Where(t => t is not (ModbusType.Bit or ModbusType.String or ModbusType.Bytes))];

    private static readonly string[] Words = [.. Plain.Where(t => !t.IsByte()).Select(t => t.Word()), "bit", "int8", "uint8", "string", "bytes"];

    private static readonly Dictionary<string, Complaint> Others = new()
    {
        ["float"] = new("\"float\" does not say how long", "write float32 (2 registers) or float64 (4)"),
        ["double"] = new("\"double\" is called float64 here", "write float64"),
        ["int"] = new("\"int\" does not say how long", "write int16, int32 or int64"),
        ["uint"] = new("\"uint\" does not say how long", "write uint16, uint32 or uint64"),
        ["word"] = new("\"word\" is called uint16 here", "write uint16"),
        ["dword"] = new("\"dword\" is called uint32 here", "write uint32"),
        ["bcd"] = new("\"bcd\" does not say how long", "write bcd16 (4 digits) or bcd32 (8)"),
        ["byte"] = new("\"byte\" does not say which half of the register", "write uint8 hi or uint8 lo"),
        ["text"] = new("\"text\" is called string here", "write string and its bytes, for example string 16"),
        ["int8"] = new("\"int8\" does not say which half of the register", "write int8 hi or int8 lo"),
        ["uint8"] = new("\"uint8\" does not say which half of the register", "write uint8 hi or uint8 lo"),
        ["bit"] = new("\"bit\" does not say which", "write bit 0 (the least significant) to bit 15"),
        ["string"] = new("\"string\" does not say how long", "write its bytes, two for each register, for example string 16"),
        ["bytes"] = new("\"bytes\" does not say how many", "write their number, two for each register, for example bytes 6"),
    };

    public override string Name => "bool, bit n, int8 hi, int8 lo, uint8 hi, uint8 lo, int16, uint16, int32, uint32, int64, uint64, float16, float32, float64, bcd16, bcd32, string n or bytes n (n bytes, two in a register)";

    public override string Example => "uint16";

    public override PointType Placeholder => new(ModbusType.UInt16);

    public override string Write(PointType value) => value.Type == ModbusType.Bit || value.Type.IsText()
        ? string.Create(CultureInfo.InvariantCulture, $"{value.Type.Word()} {value.Number}")
        : value.Type.Word();

    public override JsonObject Schema() => new()
    {
        ["type"] = "string",
        ["pattern"] = $"^({string.Join('|', Plain.Select(t => t.Word()))}|bit ([0-9]|1[0-5])|(string|bytes) [1-9][0-9]{{0,2}})$",
    };

    protected override Complaint? Parse(string text, out PointType value)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var joined = string.Join(' ', words);
        value = new(Array.Find(Plain, t => t.Word() == joined));
        if (value.Type.Word() == joined)
        {
            return null;
        }

        value = Placeholder;
        if (words.Length == 1)
        {
            return Others.GetValueOrDefault(joined) ?? (NearestKey.Of(joined, Words) is { } near ? new($"\"{text}\" is not a type", $"write {Others.GetValueOrDefault(near)?.Instead["write ".Length..] ?? near}") : NotA(text));
        }

        var isNumber = int.TryParse(words.Length == 2 ? words[1] : "", NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        switch (words.Length > 0 ? words[0] : "")
        {
            case "bit" when isNumber && number <= 15:
                value = new(ModbusType.Bit, number);
                return null;
            case "bit":
                return new(
                    isNumber ? $"a register has no bit {number}: its bits count from 0 to 15" : $"\"{text}\" is not a bit of a register",
                    isNumber && number == 16 ? "write bit 15 for the last one" : isNumber ? $"write bit {number % 16}, of the register in which it is" : Others["bit"].Instead);
            case "string" or "bytes" when isNumber && number is >= 1 and <= MostBytes:
                value = new(words[0] == "string" ? ModbusType.String : ModbusType.Bytes, number);
                return null;
            case "string" or "bytes":
                return new($"\"{text}\" is not a number of bytes that one read can carry", $"write {words[0]} and 1 to {MostBytes} bytes, two for each register");
            case "int8" or "uint8":
                return new($"\"{text}\" does not say which half of the register", $"write {words[0]} hi or {words[0]} lo");
            default:
                return NotA(text);
        }
    }
}
