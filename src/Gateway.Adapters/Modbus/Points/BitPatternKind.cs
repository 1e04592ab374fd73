using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Modbus;

/// <summary>Bits as a number: <c>0x0FF0</c>, or in decimal.</summary>
internal sealed class BitPatternKind : ScalarKind<ulong>
{
    public override string Name => "bits (0x and hexadecimal digits, or a whole number)";

    public override string Example => "0x00FF";

    public override ulong Placeholder => ulong.MaxValue;

    public override string Write(ulong value) => $"0x{value:X4}";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer", ["minimum"] = 0 }, new JsonObject { ["type"] = "string", ["pattern"] = "^0x[0-9A-Fa-f]{1,16}$" }),
    };

    protected override Complaint? Parse(string text, out ulong value) => WholeNumber.TryParse(text, out value) ? null : NotA(text);
}
