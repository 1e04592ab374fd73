using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>A device address, <c>"AA:BB:CC:DD:EE:FF"</c>.</summary>
internal sealed class BleAddressKind : ScalarKind<BleAddress>
{
    public override string Name => "a Bluetooth address";

    public override string Example => "\"A4:C1:38:01:02:03\"";

    public override BleAddress Placeholder => default;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$" };

    public override string Write(BleAddress value) => $"\"{value}\"";

    protected override Complaint? Parse(string text, out BleAddress value) => BleAddress.TryParse(text, out value) ? null : NotA(text);
}
