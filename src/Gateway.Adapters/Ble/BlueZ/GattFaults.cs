using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>What BlueZ says of devices that we connect to, in the field's words.</summary>
internal static class GattFaults
{
    public const string Timeout = "timeout";

    public const string Disconnected = "disconnected";

    private const string Nearer = "check its battery and its distance; many devices let only one connect, and none while a telephone is connected to them";

    public static GattOpening NotConnected(DbusError error) => error.Name switch
    {
        DbusError.UnknownObject or DbusError.UnknownMethod or BlueZNames.DoesNotExist => new(null, "not heard lately", "it is connected to when it is heard again; check its battery and its distance"),
        DbusError.NoReply => new(null, Timeout, Nearer),
        BlueZNames.InProgress => new(null, "another program is connecting to it", "stop the other program, or wait"),
        BlueZNames.NotReady => new(null, "the adapter is off", "it is switched on again by itself"),
        DbusError.Disconnected => new(null, "the connection to bluetoothd is lost", "it is connected again by itself"),
        _ => new(null, $"could not connect: {error}", Nearer),
    };

    public static GattOpening NotPaired(DbusError error) => error.Name switch
    {
        "org.bluez.Error.AuthenticationFailed" or "org.bluez.Error.AuthenticationRejected" =>
            new(null, "pairing refused", "the passkey is wrong, or the device is not in pairing mode; see its manual"),
        "org.bluez.Error.AuthenticationCanceled" or "org.bluez.Error.AuthenticationTimeout" or DbusError.NoReply => new(null, "pairing took too long", "put the device in pairing mode"),
        _ => new(null, $"could not pair: {error}", "see journalctl -u bluetooth"),
    };

    public static GattReply NoCharacteristic(GattAddress at) => new("no such characteristic", default, $"the device has no {at}; scan shows which it has");

    public static GattReply Of(DbusError error) => error.Name switch
    {
        DbusError.NoReply => new(Timeout, default, Nearer),
        DbusError.Disconnected or DbusError.UnknownObject or DbusError.UnknownMethod => new(Disconnected),
        BlueZNames.NotPermitted => new("not permitted", default, "the characteristic cannot be used in this way; see the device's manual"),
        BlueZNames.NotAuthorized => new("not authorised", default, "the device wants to be paired with first: add pairing to it"),
        BlueZNames.NotSupported => new("not supported", default, "the characteristic cannot be used in this way; see the device's manual"),
        BlueZNames.InProgress => new("busy", default, "another program uses the characteristic"),
        "org.bluez.Error.InvalidValueLength" => new("wrong length", default, "the device takes a value of another length; check its type"),
        BlueZNames.Failed when error.Text.Contains("Not connected", StringComparison.OrdinalIgnoreCase) => new(Disconnected),
        _ => new(error.ToString()),
    };
}
