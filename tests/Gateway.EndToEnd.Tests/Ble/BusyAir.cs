using Gateway.Adapters.Ble;
using Gateway.Adapters.Dbus;

namespace Gateway.EndToEnd.Tests.Ble;

/// <summary>org.bluez with one adapter and as many devices as wanted, which only advertise: quicker than the mock, and knows how much it has sent.</summary>
internal sealed class BusyAir : IAsyncDisposable
{
    private const string AdapterPath = "/org/bluez/hci0";

    private readonly DbusConnection _connection;
    private readonly Adapter _adapter = new();

    private BusyAir(DbusConnection connection) => _connection = connection;

    /// <summary>Advertisements sent so far.</summary>
    public int Sent { get; private set; }

    /// <summary>Completes when somebody scans.</summary>
    public Task Scanning => _adapter.Scanning.Task;

    public static async Task<BusyAir> StartAsync(PrivateBus bus)
    {
        var (connection, error) = await DbusConnection.OpenAsync(bus.Address, TimeProvider.System, default);
        Assert.Null(error);
        var air = new BusyAir(connection!);
        connection!.Objects.Add(AdapterPath, air._adapter);
        Assert.Null((await connection.CallBusAsync("RequestName", default, DbusValue.String(BlueZNames.Service), DbusValue.UInt32(4))).Error);
        return air;
    }

    public static string Address(int device) => $"A4:C1:38:00:{device >> 8:X2}:{device & 0xFF:X2}";

    /// <summary>Each device sends its next BTHome packet, with another packet id and temperature.</summary>
    /// <param name="first">First device.</param>
    /// <param name="end">Behind the last one.</param>
    /// <param name="round">How often they have sent before.</param>
    public async Task AdvertiseAsync(int first, int end, int round)
    {
        for (var device = first; device < end; device++)
        {
            var path = $"{AdapterPath}/dev_{Address(device).Replace(':', '_')}";
            var celsius = (short)(2000 + ((device + round) % 500));
            byte[] data = [0x40, 0x00, (byte)round, 0x02, (byte)celsius, (byte)(celsius >> 8)];
            var service = DbusValue.Array("{sv}", DbusValue.Entry(DbusValue.String("0000fcd2-0000-1000-8000-00805f9b34fb"), DbusValue.Variant(DbusValue.Bytes(data))));
            var rssi = ("RSSI", DbusValue.Int16((short)(-50 - (round % 20))));
            var message = round == 0
                ? DbusMessage.Signal("/", DbusObjects.ObjectManager, "InterfacesAdded", DbusValue.ObjectPath(path), DbusValue.Array("{sa{sv}}", DbusValue.Entry(
                    DbusValue.String(BlueZNames.Device),
                    DbusValue.Properties(("Address", DbusValue.String(Address(device))), ("AddressType", DbusValue.String("public")), rssi, ("ServiceData", service)))))
                : DbusMessage.Signal(
                    path, DbusObjects.PropertiesInterface, "PropertiesChanged", DbusValue.String(BlueZNames.Device), DbusValue.Properties(rssi, ("ServiceData", service)), DbusValue.Array("s"));
            while (!_connection.Send(message))
            {
                await Task.Yield();
            }

            Sent++;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private sealed class Adapter : IDbusObject
    {
        public TaskCompletionSource Scanning { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Interface => BlueZNames.Adapter;

        public IReadOnlyList<(string Name, DbusValue Value)> Properties =>
            [("Address", DbusValue.String("00:1A:7D:DA:71:13")), ("Powered", DbusValue.Boolean(true)), ("Discovering", DbusValue.Boolean(true))];

        public IReadOnlyList<(string Name, string Signature)> Methods { get; } = [("SetDiscoveryFilter", "a{sv}"), ("StartDiscovery", ""), ("StopDiscovery", ""), ("RemoveDevice", "o")];

        public (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call)
        {
            if (call.Member == "StartDiscovery")
            {
                Scanning.TrySetResult();
            }

            return ([], null);
        }
    }
}
