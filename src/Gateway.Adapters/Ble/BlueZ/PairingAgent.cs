using System.Globalization;
using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>Answers bluetoothd's questions while we pair with a device, from the configuration (<c>org.bluez.Agent1</c>). Refuses every other device.</summary>
/// <param name="device">Path of the device that is paired with.</param>
/// <param name="code">What to answer.</param>
internal sealed class PairingAgent(string device, PairingCode code) : IDbusObject
{
    public const string Path = "/org/edgegateway/agent";

    private static readonly DbusError s_rejected = new("org.bluez.Error.Rejected", "only devices of the configuration are paired with");

    /// <summary>What we can do: type a passkey in, or nothing at all (Core 5.4 Vol 3 Part H §2.3.2).</summary>
    public string Capability => code.Passkey is null ? "NoInputNoOutput" : "KeyboardOnly";

    public string Interface => BlueZNames.Agent;

    public IReadOnlyList<(string Name, DbusValue Value)> Properties => [];

    public IReadOnlyList<(string Name, string Signature)> Methods { get; } =
    [
        ("Release", ""), ("Cancel", ""), ("RequestPinCode", "o"), ("RequestPasskey", "o"), ("DisplayPinCode", "os"), ("DisplayPasskey", "ouq"),
        ("RequestConfirmation", "ou"), ("RequestAuthorization", "o"), ("AuthorizeService", "os"),
    ];

    public (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call)
    {
        if (call.Member is "Release" or "Cancel")
        {
            return ([], null);
        }

        if (call.Argument(0).AsString() != device)
        {
            return ([], s_rejected);
        }

        return call.Member switch
        {
            "RequestPasskey" when code.Passkey is { } passkey => ([DbusValue.UInt32((uint)passkey)], null),
            "RequestPinCode" when code.Passkey is { } passkey => ([DbusValue.String(passkey.ToString("D6", CultureInfo.InvariantCulture))], null),
            "RequestConfirmation" when code.Passkey is { } passkey && call.Argument(1).AsInt64() != passkey => ([], s_rejected),
            "RequestPasskey" or "RequestPinCode" => ([], s_rejected),
            _ => ([], null),
        };
    }
}
