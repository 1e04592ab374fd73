using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Every object id of BTHome v2 (bthome.io/format, sensor data, binary sensor data, events, device information, misc data).</summary>
internal static class BtHomeObjects
{
    private static readonly BleField s_deviceType = new("device-type");
    private static readonly BleField s_distanceMetres = new("distance", "m");
    private static readonly BleField s_distanceMillimetres = new("distance", "mm");
    private static readonly BleField s_firmware = new("firmware-revision");

    private static readonly BtHomeObject?[] s_objects = Build();

    /// <summary>How many kinds of things there are; the groups of objects are below.</summary>
    public static int Groups { get; private set; }

    /// <summary>null: not known.</summary>
    public static BtHomeObject? Of(byte id) => s_objects[id];

    private static BtHomeObject?[] Build()
    {
        var objects = new BtHomeObject?[256];
        objects[0x00] = new(BtHomeKind.PacketId, null, 1);

        void Unsigned(byte id, BleField field, int length, decimal scale = 1) => objects[id] = new(BtHomeKind.Unsigned, field, length, scale);
        Unsigned(0x01, Battery, 1);
        Unsigned(0x03, Humidity, 2, 0.01m);
        Unsigned(0x04, Pressure, 3, 0.01m);
        Unsigned(0x05, Illuminance, 3, 0.01m);
        Unsigned(0x06, MassKilograms, 2, 0.01m);
        Unsigned(0x07, MassPounds, 2, 0.01m);
        Unsigned(0x09, Count, 1);
        Unsigned(0x0A, Energy, 3, 0.001m);
        Unsigned(0x0B, Power, 3, 0.01m);
        Unsigned(0x0C, Voltage, 2, 0.001m);
        Unsigned(0x0D, Pm25, 2);
        Unsigned(0x0E, Pm10, 2);
        Unsigned(0x12, Co2, 2);
        Unsigned(0x13, Tvoc, 2);
        Unsigned(0x14, Moisture, 2, 0.01m);
        Unsigned(0x2E, Humidity, 1);
        Unsigned(0x2F, Moisture, 1);
        Unsigned(0x3D, Count, 2);
        Unsigned(0x3E, Count, 4);
        Unsigned(0x40, s_distanceMillimetres, 2);
        Unsigned(0x41, s_distanceMetres, 2, 0.1m);
        Unsigned(0x42, Duration, 3, 0.001m);
        Unsigned(0x43, Current, 2, 0.001m);
        Unsigned(0x44, Speed, 2, 0.01m);
        Unsigned(0x46, UvIndex, 1, 0.1m);
        Unsigned(0x47, Volume, 2, 0.1m);
        Unsigned(0x48, VolumeMillilitres, 2);
        Unsigned(0x49, VolumeFlow, 2, 0.001m);
        Unsigned(0x4A, Voltage, 2, 0.1m);
        Unsigned(0x4B, Gas, 3, 0.001m);
        Unsigned(0x4C, Gas, 4, 0.001m);
        Unsigned(0x4D, Energy, 4, 0.001m);
        Unsigned(0x4E, Volume, 4, 0.001m);
        Unsigned(0x4F, Water, 4, 0.001m);
        Unsigned(0x51, Acceleration, 2, 0.001m);
        Unsigned(0x52, Gyroscope, 2, 0.001m);
        Unsigned(0x55, VolumeStorage, 4, 0.001m);
        Unsigned(0x56, Conductivity, 2);
        Unsigned(0x5E, Direction, 2, 0.01m);
        Unsigned(0x5F, Precipitation, 2, 0.1m);
        Unsigned(0x60, Channel, 1);
        Unsigned(0x61, RotationalSpeed, 2);
        Unsigned(0x64, LightLevel, 1);
        Unsigned(0xF0, s_deviceType, 2);

        void Signed(byte id, BleField field, int length, decimal scale = 1) => objects[id] = new(BtHomeKind.Signed, field, length, scale);
        Signed(0x02, Temperature, 2, 0.01m);
        Signed(0x08, DewPoint, 2, 0.01m);
        Signed(0x3F, Rotation, 2, 0.1m);
        Signed(0x45, Temperature, 2, 0.1m);
        Signed(0x57, Temperature, 1);
        Signed(0x58, Temperature, 1, 0.35m);
        Signed(0x59, Count, 1);
        Signed(0x5A, Count, 2);
        Signed(0x5B, Count, 4);
        Signed(0x5C, Power, 4, 0.01m);
        Signed(0x5D, Current, 2, 0.001m);
        Signed(0x62, Speed, 4, 0.000001m);
        Signed(0x63, Acceleration, 4, 0.000001m);

        // 1 says what the name says: low, open, unlocked, wet.
        void Flag(byte id, BleField field) => objects[id] = new(BtHomeKind.Flag, field, 1);
        Flag(0x0F, State);
        Flag(0x10, Powered);
        Flag(0x11, Open);
        Flag(0x15, BatteryLow);
        Flag(0x16, BatteryCharging);
        Flag(0x17, CarbonMonoxideDetected);
        Flag(0x18, Cold);
        Flag(0x19, Connected);
        Flag(0x1A, DoorOpen);
        Flag(0x1B, GarageDoorOpen);
        Flag(0x1C, GasDetected);
        Flag(0x1D, Hot);
        Flag(0x1E, Light);
        Flag(0x1F, Unlocked);
        Flag(0x20, MoistureDetected);
        Flag(0x21, Motion);
        Flag(0x22, Moving);
        Flag(0x23, Occupancy);
        Flag(0x24, PluggedIn);
        Flag(0x25, Presence);
        Flag(0x26, Problem);
        Flag(0x27, Running);
        Flag(0x28, Safe);
        Flag(0x29, Smoke);
        Flag(0x2A, Sound);
        Flag(0x2B, Tamper);
        Flag(0x2C, Vibration);
        Flag(0x2D, WindowOpen);

        objects[0x3A] = new(BtHomeKind.Button, Button, 1);
        objects[0x3C] = new(BtHomeKind.Dimmer, Dimmer, 2);
        objects[0x50] = new(BtHomeKind.Time, Timestamp, 4);
        objects[0x53] = new(BtHomeKind.Text, Text, 1);
        objects[0x54] = new(BtHomeKind.Raw, Raw, 1);
        objects[0xF1] = new(BtHomeKind.Version, s_firmware, 4);
        objects[0xF2] = new(BtHomeKind.Version, s_firmware, 3);
        Group(objects);
        return objects;
    }

    private static void Group(BtHomeObject?[] objects)
    {
        var groups = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < objects.Length; id++)
        {
            if (objects[id] is { Field: { } field } known)
            {
                groups.TryAdd(field.Name, groups.Count);
                objects[id] = known with { Group = groups[field.Name] };
            }
        }

        Groups = groups.Count;
    }
}
