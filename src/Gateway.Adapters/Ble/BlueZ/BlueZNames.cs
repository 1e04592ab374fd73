namespace Gateway.Adapters.Ble;

/// <summary>Names of BlueZ's D-Bus API (BlueZ 5, <c>doc/org.bluez.*.rst</c>).</summary>
internal static class BlueZNames
{
    public const string Service = "org.bluez";
    public const string Root = "/org/bluez";
    public const string Adapter = "org.bluez.Adapter1";
    public const string Device = "org.bluez.Device1";
    public const string GattService = "org.bluez.GattService1";
    public const string GattCharacteristic = "org.bluez.GattCharacteristic1";
    public const string MonitorManager = "org.bluez.AdvertisementMonitorManager1";
    public const string Monitor = "org.bluez.AdvertisementMonitor1";
    public const string AgentManager = "org.bluez.AgentManager1";
    public const string Agent = "org.bluez.Agent1";

    public const string Failed = "org.bluez.Error.Failed";
    public const string NotReady = "org.bluez.Error.NotReady";
    public const string InProgress = "org.bluez.Error.InProgress";
    public const string Blocked = "org.bluez.Error.Blocked";
    public const string NotAuthorized = "org.bluez.Error.NotAuthorized";
    public const string NotPermitted = "org.bluez.Error.NotPermitted";
    public const string NotSupported = "org.bluez.Error.NotSupported";
    public const string AlreadyConnected = "org.bluez.Error.AlreadyConnected";
    public const string DoesNotExist = "org.bluez.Error.DoesNotExist";
    public const string AlreadyExists = "org.bluez.Error.AlreadyExists";
}
