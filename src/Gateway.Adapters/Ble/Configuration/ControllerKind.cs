using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>A controller by its name or its address.</summary>
internal sealed class ControllerKind : ScalarKind<string>
{
    private const string Prefix = "hci";

    public override string Name => "a controller";

    public override string Example => "hci0";

    public override string Placeholder => "";

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^hci[0-9]{1,3}$|^([0-9A-Fa-f]{2}[:-]?){5}[0-9A-Fa-f]{2}$" };

    public override string Write(string value) => value;

    protected override Complaint? Parse(string text, out string value)
    {
        value = text;
        if (BleAddress.TryParse(text, out var address))
        {
            value = address.ToString();
            return null;
        }

        return text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length is > 3 and < 7 && text.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0 ? null
            : new($"\"{text}\" is not {Name}", "write hci0 (bluetoothctl list shows which there are), or the controller's address, which stays when adapters are plugged in another order");
    }
}
