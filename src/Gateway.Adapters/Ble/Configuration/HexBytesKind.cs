using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>Bytes in hexadecimal digits, <c>"02 15"</c>.</summary>
internal sealed class HexBytesKind : ScalarKind<ReadOnlyMemory<byte>>
{
    private const int Most = 32;

    public override string Name => "bytes in hexadecimal digits";

    public override string Example => "\"0215\"";

    public override ReadOnlyMemory<byte> Placeholder => default;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^([0-9A-Fa-f]{2} ?){1,32}$" };

    public override string Write(ReadOnlyMemory<byte> value) => $"\"{Convert.ToHexStringLower(value.Span)}\"";

    protected override Complaint? Parse(string text, out ReadOnlyMemory<byte> value)
    {
        var digits = text.Replace(" ", "", StringComparison.Ordinal);
        var isFine = digits.Length is > 0 and <= 2 * Most && digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit);
        value = isFine ? Convert.FromHexString(digits) : default;
        return isFine ? null : NotA(text);
    }
}
