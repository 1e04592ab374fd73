using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Objects of MiBeacon that are one number or one flag: iot.mi.com's BLE object definition below 0x4000, miot-spec.org above it.</summary>
internal static class MiBeaconNumbers
{
    private static readonly BleField s_consumable = new("consumable", "%", 0, 100);
    private static readonly BleField s_mode = new("mode");
    private static readonly BleField s_occupiedTime = new("occupied-time", "min");
    private static readonly BleField s_pressed = new("pressed");
    private static readonly BleField s_pressedTime = new("pressed-time", "s");
    private static readonly BleField s_pressedTimeSetting = new("pressed-time-setting", "s");
    private static readonly BleField s_releasedTime = new("released-time", "s");
    private static readonly BleField s_releasedTimeSetting = new("released-time-setting", "s");
    private static readonly BleField s_reset = new("device-reset");
    private static readonly BleField s_snoring = new("snoring");
    private static readonly BleField s_unoccupiedTime = new("unoccupied-time", "min");

    private static readonly Dictionary<ushort, Number> s_numbers = new()
    {
        [0x1004] = new(Temperature, NumberKind.Signed, 2, 0.1m),
        [0x1006] = new(BleFields.Humidity, NumberKind.Unsigned, 2, 0.1m),
        [0x1008] = new(Moisture, NumberKind.Unsigned, 1),
        [0x1009] = new(Conductivity, NumberKind.Unsigned, 2),
        [0x100A] = new(Battery, NumberKind.Unsigned, 1),
        [0x1010] = new(Formaldehyde, NumberKind.Unsigned, 2, 0.01m),
        [0x1012] = new(Powered, NumberKind.Flag, 1),
        [0x1013] = new(s_consumable, NumberKind.Unsigned, 1),
        [0x1014] = new(MoistureDetected, NumberKind.Flag, 1),
        [0x1015] = new(Smoke, NumberKind.Flag, 1),
        [0x1018] = new(Light, NumberKind.Flag, 1),
        [0x4801] = new(Temperature, NumberKind.Float, 4),
        [0x4802] = new(BleFields.Humidity, NumberKind.Unsigned, 1),
        [0x4803] = new(Battery, NumberKind.Unsigned, 1),
        [0x4805] = new(Illuminance, NumberKind.Float, 4),
        [0x4806] = new(MoistureDetected, NumberKind.Flag, 1),
        [0x4808] = new(BleFields.Humidity, NumberKind.Float, 4),
        [0x4811] = new(s_snoring, NumberKind.Flag, 1),
        [0x483C] = new(s_pressed, NumberKind.Flag, 1),
        [0x483D] = new(s_pressedTime, NumberKind.Unsigned, 4),
        [0x483E] = new(s_releasedTime, NumberKind.Unsigned, 4),
        [0x483F] = new(s_pressedTimeSetting, NumberKind.Unsigned, 4),
        [0x4840] = new(s_releasedTimeSetting, NumberKind.Unsigned, 4),
        [0x484E] = new(Occupancy, NumberKind.Flag, 1),
        [0x484F] = new(s_unoccupiedTime, NumberKind.Unsigned, 1),
        [0x4850] = new(s_occupiedTime, NumberKind.Unsigned, 1),
        [0x4A01] = new(BatteryLow, NumberKind.Flag, 1),
        [0x4A1C] = new(s_reset, NumberKind.Flag, 1),
        [0x4C01] = new(Temperature, NumberKind.Float, 4),
        [0x4C02] = new(BleFields.Humidity, NumberKind.Unsigned, 1),
        [0x4C03] = new(Battery, NumberKind.Unsigned, 1),
        [0x4C08] = new(BleFields.Humidity, NumberKind.Float, 4),
        [0x4C14] = new(s_mode, NumberKind.Unsigned, 1),
        [0x4E01] = new(BatteryLow, NumberKind.Flag, 1),
        [0x4E1C] = new(s_reset, NumberKind.Flag, 1),
        [0x5003] = new(Battery, NumberKind.Unsigned, 1),
        [0x5011] = new(s_snoring, NumberKind.Flag, 1),
        [0x5403] = new(Battery, NumberKind.Unsigned, 1),
        [0x5414] = new(s_mode, NumberKind.Unsigned, 1),
        [0x5601] = new(BatteryLow, NumberKind.Flag, 1),
    };

    /// <summary>null: the object is something else.</summary>
    public static Number? Of(ushort id) => s_numbers.GetValueOrDefault(id);

    internal enum NumberKind : byte
    {
        Unsigned,
        Signed,
        Float,

        /// <summary>0 is no, anything else is yes.</summary>
        Flag,
    }

    /// <param name="Field">What it says.</param>
    /// <param name="Kind">How it is written, little-endian.</param>
    /// <param name="Length">Bytes; of another length nothing is read.</param>
    /// <param name="Scale">Of integers.</param>
    internal sealed record Number(BleField Field, NumberKind Kind, int Length, decimal Scale = 1)
    {
        public void Read(ReadOnlySpan<byte> data, DecodedValues values)
        {
            if (data.Length < Length)
            {
                Field.AddBad(values, "cut short");
                return;
            }

            switch (Kind)
            {
                case NumberKind.Float:
                    Field.AddSingle(values, ReadSingleLittleEndian(data));
                    break;
                case NumberKind.Flag:
                    Field.Add(values, data[0] != 0);
                    break;
                case NumberKind.Signed:
                    Field.Add(values, ReadInt16LittleEndian(data) * Scale);
                    break;
                default:
                    Field.Add(values, (Length == 1 ? data[0] : Length == 2 ? ReadUInt16LittleEndian(data) : ReadUInt32LittleEndian(data)) * Scale);
                    break;
            }
        }
    }
}
