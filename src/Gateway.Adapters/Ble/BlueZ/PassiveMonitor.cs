using Gateway.Adapters.Dbus;

namespace Gateway.Adapters.Ble;

/// <summary>Our object that has BlueZ listen without asking: the controller reports advertisements that match one of its patterns (<c>org.bluez.AdvertisementMonitor1</c>).</summary>
/// <param name="released">Is told when BlueZ lets it go after it had been active: nothing is heard any more.</param>
internal sealed class PassiveMonitor(Action released) : IDbusObject
{
    /// <summary>Where its ObjectManager is; BlueZ looks for monitors below.</summary>
    public const string Root = "/org/edgegateway";

    public const string Path = Root + "/monitor0";

    private const byte Flags = 0x01;
    private const byte ServiceData16 = 0x16;
    private const byte ManufacturerSpecific = 0xFF;

    /// <summary>There is no pattern for "everything". The flags begin nearly every advertisement of a device that wants to be found; the others are sensors and beacons that may come without (Assigned Numbers §2.3).</summary>
    private static readonly (byte Type, byte[] Content)[] s_patterns =
    [
        (Flags, [0x06]), (Flags, [0x02]), (Flags, [0x04]), (Flags, [0x05]), (Flags, [0x1A]), (Flags, [0x18]),
        (ServiceData16, [0xD2, 0xFC]), (ServiceData16, [0x95, 0xFE]), (ServiceData16, [0x1A, 0x18]), (ServiceData16, [0xAA, 0xFE]), (ServiceData16, [0x3D, 0xFD]),
        (ManufacturerSpecific, [0x99, 0x04]), (ManufacturerSpecific, [0x4C, 0x00]), (ManufacturerSpecific, [0x88, 0xEC]),
    ];

    private readonly TaskCompletionSource<bool> _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>true once the controller listens; false when BlueZ has let it go.</summary>
    public Task<bool> Decided => _decided.Task;

    public string Interface => BlueZNames.Monitor;

    public IReadOnlyList<(string Name, DbusValue Value)> Properties { get; } =
    [
        ("Type", DbusValue.String("or_patterns")),
        ("Patterns", DbusValue.Array("(yyay)", [.. s_patterns.Select(p => DbusValue.Struct(DbusValue.Byte(0), DbusValue.Byte(p.Type), DbusValue.Bytes(p.Content)))])),
    ];

    public IReadOnlyList<(string Name, string Signature)> Methods { get; } = [("Activate", ""), ("Release", ""), ("DeviceFound", "o"), ("DeviceLost", "o")];

    /// <summary>DeviceFound and DeviceLost tell nothing that the signals of the device do not tell.</summary>
    public (IReadOnlyList<DbusValue> Values, DbusError? Error) Call(DbusMessage call)
    {
        switch (call.Member)
        {
            case "Activate":
                _decided.TrySetResult(true);
                break;
            case "Release":
                if (!_decided.TrySetResult(false))
                {
                    released();
                }

                break;
        }

        return ([], null);
    }
}
