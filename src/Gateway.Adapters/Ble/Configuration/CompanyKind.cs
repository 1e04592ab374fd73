using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>A company identifier of Bluetooth SIG, <c>0x0499</c>, or in decimal.</summary>
internal sealed class CompanyKind : ScalarKind<ushort>
{
    public override string Name => "a company identifier";

    public override string Example => "0x0499";

    public override ushort Placeholder => 0;

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = ushort.MaxValue }, new JsonObject { ["type"] = "string", ["pattern"] = "^0x[0-9A-Fa-f]{1,4}$" }),
    };

    public override string Write(ushort value) => $"0x{value:X4}";

    protected override Complaint? Parse(string text, out ushort value) =>
        (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ushort.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        ? null : new($"\"{text}\" is not {Name}", "write 0x and four hexadecimal digits (0x0499), or the number (1177)");
}
