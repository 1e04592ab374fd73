using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The characteristics of the Bluetooth SIG that the gateway understands, one line each (GATT Specification Supplement 9, Assigned Numbers).</summary>
public static class GattCharacteristics
{
    private const ushort Environment = 0x181A;
    private const ushort BatteryService = 0x180F;
    private const ushort HeartRate = 0x180D;
    private const ushort DeviceInformation = 0x180A;

    private static readonly BleField s_apparentWindDirection = new("apparent-wind-direction", "°", 0, 360);
    private static readonly BleField s_apparentWindSpeed = new("apparent-wind-speed", "m/s");
    private static readonly BleField s_elevation = new("elevation", "m");
    private static readonly BleField s_gustFactor = new("gust-factor");
    private static readonly BleField s_heatIndex = new("heat-index", "°C");
    private static readonly BleField s_irradiance = new("irradiance", "W/m²");
    private static readonly BleField s_magneticDeclination = new("magnetic-declination", "°", 0, 360);
    private static readonly BleField s_pollen = new("pollen", "1/m³");
    private static readonly BleField s_trueWindDirection = new("true-wind-direction", "°", 0, 360);
    private static readonly BleField s_trueWindSpeed = new("true-wind-speed", "m/s");
    private static readonly BleField s_tvocPpb = new("tvoc", "ppb");
    private static readonly BleField s_windChill = new("wind-chill", "°C");

    public static IReadOnlyList<GattCharacteristic> All { get; } =
    [
        Number(0x2A6E, Environment, Temperature, 2, static v => ReadInt16LittleEndian(v) is var raw and not short.MinValue ? raw * 0.01m : null),
        Number(0x2A6F, Environment, Humidity, 2, static v => Known(ReadUInt16LittleEndian(v)) * 0.01m),
        Number(0x2A6D, Environment, Pressure, 4, static v => ReadUInt32LittleEndian(v) * 0.001m),
        Number(0x2A6C, Environment, s_elevation, 3, static v => Signed24(v) is var raw and not -0x80_0000 ? raw * 0.01m : null),
        Number(0x2A70, Environment, s_trueWindSpeed, 2, static v => ReadUInt16LittleEndian(v) * 0.01m),
        Number(0x2A71, Environment, s_trueWindDirection, 2, static v => ReadUInt16LittleEndian(v) * 0.01m),
        Number(0x2A72, Environment, s_apparentWindSpeed, 2, static v => ReadUInt16LittleEndian(v) * 0.01m),
        Number(0x2A73, Environment, s_apparentWindDirection, 2, static v => ReadUInt16LittleEndian(v) * 0.01m),
        Number(0x2A74, Environment, s_gustFactor, 1, static v => v[0] * 0.1m),
        Number(0x2A75, Environment, s_pollen, 3, static v => v[0] | (v[1] << 8) | (v[2] << 16)),
        Number(0x2A76, Environment, UvIndex, 1, static v => v[0]),
        Number(0x2A77, Environment, s_irradiance, 2, static v => ReadUInt16LittleEndian(v) * 0.1m),
        Number(0x2A78, Environment, Precipitation, 2, static v => ReadUInt16LittleEndian(v)),
        Number(0x2A79, Environment, s_windChill, 1, static v => (sbyte)v[0]),
        Number(0x2A7A, Environment, s_heatIndex, 1, static v => (sbyte)v[0]),
        Number(0x2A7B, Environment, DewPoint, 1, static v => (sbyte)v[0]),
        Number(0x2A2C, Environment, s_magneticDeclination, 2, static v => ReadUInt16LittleEndian(v) * 0.01m),
        Number(0x2AFB, Environment, Illuminance, 3, static v => Known24(v) * 0.01m),
        Number(0x2B8C, Environment, Co2, 2, static v => Known(ReadUInt16LittleEndian(v))),
        Number(0x2BE7, Environment, s_tvocPpb, 2, static v => Known(ReadUInt16LittleEndian(v))),
        Number(0x2A19, BatteryService, Battery, 1, static v => v[0]),
        new(BleUuid.Of(0x2A37), GattHeartRate.Rate.Name, BleUuid.Of(HeartRate), GattHeartRate.ReadMeasurement),
        new(BleUuid.Of(0x2A38), GattHeartRate.Location.Name, BleUuid.Of(HeartRate), GattHeartRate.ReadLocation),
        Text(0x2A29, "manufacturer"),
        Text(0x2A24, "model"),
        Text(0x2A25, "serial-number"),
        Text(0x2A26, "firmware-revision"),
        Text(0x2A27, "hardware-revision"),
        Text(0x2A28, "software-revision"),
    ];

    /// <summary>The characteristic of this UUID; null: its bytes are anybody's.</summary>
    public static GattCharacteristic? Find(Guid uuid)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Uuid == uuid)
            {
                return All[i];
            }
        }

        return null;
    }

    /// <summary>Reads the value of a characteristic.</summary>
    /// <param name="uuid">Of the characteristic.</param>
    /// <param name="value">As it was read or notified.</param>
    /// <param name="values">Receives what it says; emptied first.</param>
    public static DecodeOutcome Decode(Guid uuid, ReadOnlySpan<byte> value, DecodedValues values)
    {
        values.Clear();
        if (Find(uuid) is not { } characteristic)
        {
            return DecodeOutcome.NotMine;
        }

        if (characteristic.Read(value, values))
        {
            return DecodeOutcome.Decoded;
        }

        values.Clear();
        return Refusals.TooShort;
    }

    private static GattCharacteristic Number(ushort uuid, ushort service, BleField field, int length, NumberReader read) => new(BleUuid.Of(uuid), field.Name, BleUuid.Of(service), (value, values) =>
    {
        if (value.Length < length)
        {
            return false;
        }

        if (read(value) is { } number)
        {
            field.Add(values, number);
        }
        else
        {
            field.AddBad(values, BleField.NotAvailable);
        }

        return true;
    });

    private static GattCharacteristic Text(ushort uuid, string name)
    {
        var field = new BleField(name);
        return new(BleUuid.Of(uuid), name, BleUuid.Of(DeviceInformation), (value, values) =>
        {
            GattText.Read(field, value, values);
            return true;
        });
    }

    /// <summary>All ones say that the value is not known.</summary>
    private static decimal? Known(ushort raw) => raw == ushort.MaxValue ? null : raw;

    private static decimal? Known24(ReadOnlySpan<byte> value) => (value[0] | (value[1] << 8) | (value[2] << 16)) is var raw and not 0xFF_FFFF ? raw : null;

    private static int Signed24(ReadOnlySpan<byte> value) => (value[0] | (value[1] << 8) | (value[2] << 16)) << 8 >> 8;

    private delegate decimal? NumberReader(ReadOnlySpan<byte> value);
}
