using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Payloads;

/// <summary>Reads <c>int24</c>, <c>bool</c>, <c>string 8</c>, <c>string uint8</c>, <c>bytes rest</c>; knows what people write instead.</summary>
internal sealed class LayoutTypeKind : ScalarKind<LayoutShape>
{
    /// <summary>All that a radio carries at once, and more.</summary>
    public const int MostBytes = 255;

    private static readonly LayoutType[] s_numbers = [.. Enum.GetValues<LayoutType>().Where(t => !t.IsText())];

    private static readonly LayoutType[] s_prefixes = [LayoutType.UInt8, LayoutType.UInt16];

    private static readonly Dictionary<string, string> s_others = new()
    {
        ["float"] = "write float32 (4 bytes), float16 or float64",
        ["double"] = "write float64",
        ["int"] = "write int8, int16, int24, int32, int48 or int64",
        ["uint"] = "write uint8, uint16, uint24, uint32, uint48 or uint64",
        ["byte"] = "write uint8",
        ["word"] = "write uint16",
        ["boolean"] = "write bool",
        ["text"] = "write string and its bytes, for example string 8",
        ["string"] = "write string and its bytes (string 8), or string uint8 if one byte in front of it says how many, or string rest",
        ["bytes"] = "write bytes and how many (bytes 4), or bytes uint8 if one byte in front of them says so, or bytes rest",
    };

    public override string Name => $"{string.Join(", ", s_numbers.Select(t => t.Word()))}, or string or bytes with a number, uint8 or uint16 (the number stands in front) or rest";

    public override string Example => "int16";

    public override LayoutShape Placeholder => new(LayoutType.UInt8);

    public override string Write(LayoutShape value) => value.ToString();

    public override JsonObject Schema() => new()
    {
        ["type"] = "string",
        ["pattern"] = $"^({string.Join('|', s_numbers.Select(t => t.Word()))}|(string|bytes) ([1-9][0-9]{{0,2}}|uint8|uint16|rest))$",
    };

    protected override Complaint? Parse(string text, out LayoutShape value)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        value = Placeholder;
        if (words.Length == 1)
        {
            foreach (var type in s_numbers)
            {
                if (type.Word() == words[0])
                {
                    value = new(type);
                    return null;
                }
            }

            return s_others.TryGetValue(words[0], out var instead) ? new($"\"{words[0]}\" does not say how long", instead)
                : NearestKey.Of(words[0], s_numbers.Select(t => t.Word())) is { } near ? new($"\"{text}\" is not a type", $"write {near}")
                : NotA(text);
        }

        if (words.Length != 2 || words[0] is not ("string" or "bytes"))
        {
            return NotA(text);
        }

        var kind = words[0] == "string" ? LayoutType.String : LayoutType.Bytes;
        if (words[1] == "rest")
        {
            value = new(kind, IsRest: true);
        }
        else if (Array.Exists(s_prefixes, t => t.Word() == words[1]))
        {
            value = new(kind, LengthIn: Array.Find(s_prefixes, t => t.Word() == words[1]));
        }
        else if (int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length is >= 1 and <= MostBytes)
        {
            value = new(kind, length);
        }
        else
        {
            return new($"\"{words[1]}\" is no length of {words[0]}", $"write {words[0]} and 1 to {MostBytes}, uint8, uint16 or rest");
        }

        return null;
    }
}
