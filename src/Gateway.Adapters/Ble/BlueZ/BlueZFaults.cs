using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>What BlueZ and the bus say, in the field's words and with what to do.</summary>
internal static class BlueZFaults
{
    public static readonly RadioFault NoDaemon =
        new("bluetoothd is not running", "install and start it: apt-get install bluez, then systemctl enable --now bluetooth; it is found again by itself");

    public static readonly RadioFault DaemonEnded =
        new("bluetoothd has ended", "it is found again by itself when it is back; if not: systemctl restart bluetooth, and see journalctl -u bluetooth");

    public static readonly RadioFault AdapterRemoved =
        new("the Bluetooth adapter is gone", "plug it in again, it is found by itself; if it was not touched, look for USB resets in dmesg (power supply, extension cable)");

    public static readonly RadioFault SwitchedOff =
        new("the Bluetooth adapter was switched off", "it is switched on again by itself; if that keeps happening, something else on this machine manages Bluetooth (a desktop, TLP, NetworkManager)");

    public static readonly RadioFault ScanStopped = new("the scan was stopped", "it is started again by itself; another program may reset the adapter");

    public static readonly RadioFault Blocked = new("Bluetooth is blocked (rfkill)", "rfkill unblock bluetooth; on a board with a switch or a jumper for its radio, look there");

    public static readonly RadioFault NotConfigured = new("the radio is closed", "the gateway is stopping");

    public static readonly RadioFault PassiveRefused = new(
        "scans actively: passive scanning does not work here",
        "passive scanning needs BlueZ 5.56 or newer with experimental features (bluetoothd --experimental, or Experimental = true in /etc/bluetooth/main.conf) and Linux 5.10 or newer; or write scan: active");

    public static RadioFault NoController(string wanted, IReadOnlyList<string> there) => new(
        there.Count == 0 ? "there is no Bluetooth adapter" : $"there is no Bluetooth adapter {wanted}",
        there.Count == 0
            ? "plug one in; a built-in one may be switched off in the device tree or lack firmware (dmesg)"
            : $"there is {string.Join(" and ", there)}; write one of these as the link's controller, or plug the other one in");

    /// <param name="what">What was tried (<c>start the scan</c>).</param>
    /// <param name="error">What came of it.</param>
    public static RadioFault Of(string what, DbusError error) => error.Name switch
    {
        DbusError.NoServer or DbusError.BadAddress => new(
            $"there is no system bus ({error.Text})",
            $"Bluetooth is reached over D-Bus: install and start it (apt-get install dbus); in a container mount /run/dbus/system_bus_socket, or set {DbusAddress.Variable}"),
        DbusError.AuthFailed => new($"the system bus does not let us in: {error.Text}", "run the gateway as a user of this machine; in a container, as one that the host knows"),
        DbusError.AccessDenied => new(
            $"no permission to {what}", "the gateway's user must be allowed to use Bluetooth: usermod -aG bluetooth USER, then restart; see also /etc/dbus-1/system.d/bluetooth.conf"),
        DbusError.NameHasNoOwner or DbusError.ServiceUnknown => NoDaemon,
        DbusError.UnknownObject => AdapterRemoved,
        DbusError.NoReply => new($"bluetoothd does not answer ({what})", "if it stays like this: systemctl restart bluetooth, and see journalctl -u bluetooth and dmesg"),
        DbusError.Disconnected => new(error.Text, "it is connected again by itself; if not, see journalctl -u dbus"),
        BlueZNames.Blocked => Blocked,
        BlueZNames.NotReady => new($"the adapter is not ready ({what})", "it is tried again; if it stays like this: bluetoothctl power on, and see dmesg"),
        BlueZNames.InProgress => new($"the adapter is busy ({what})", "it is tried again; if it stays like this, another program holds it: stop it, or systemctl restart bluetooth"),
        BlueZNames.NotAuthorized => new($"bluetoothd does not authorise us to {what}", "see /etc/bluetooth/main.conf and the policy of org.bluez in /etc/dbus-1/system.d"),
        BlueZNames.NotPermitted => new($"bluetoothd does not permit us to {what}: {error}", "see journalctl -u bluetooth"),
        _ => new($"could not {what}: {error} ({error.Name})", "it is tried again; see journalctl -u bluetooth and dmesg for the adapter's own words"),
    };
}
