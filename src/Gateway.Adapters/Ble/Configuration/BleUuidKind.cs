using System.Text.Json.Nodes;
using Gateway.Configuration;

namespace Gateway.Adapters.Ble;

/// <summary>A UUID, in four hexadecimal digits or all 36 characters.</summary>
internal sealed class BleUuidKind : ScalarKind<Guid>
{
    public override string Name => "a UUID";

    public override string Example => "\"2a19\"";

    public override Guid Placeholder => default;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^(0x)?([0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})$|^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" };

    public override string Write(Guid value) => $"\"{BleUuid.Write(value)}\"";

    protected override Complaint? Parse(string text, out Guid value) => BleUuid.TryParse(text, out value) ? null
        : new($"\"{text}\" is not a UUID", "write its four hexadecimal digits in quotes (\"2a19\"), or all 36 characters (\"0000fe95-0000-1000-8000-00805f9b34fb\")");
}
