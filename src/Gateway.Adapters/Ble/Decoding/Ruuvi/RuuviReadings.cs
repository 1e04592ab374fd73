using System.Globalization;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The payloads of RuuviTags. All numbers are big-endian; the largest unsigned and the smallest signed one say that there is no value.</summary>
internal static class RuuviReadings
{
    public const byte Raw1 = 3;
    public const int Raw1Length = 14;
    public const byte Raw2 = 5;
    public const int Raw2Length = 24;

    /// <summary>Pressures begin at 500 hPa.</summary>
    private const int PressureOffset = 50_000;

    /// <summary>More than 100 % is a valid reading of format 5 (up to 163.8350, its largest test vector), of a sensor that is not well calibrated.</summary>
    internal static readonly BleField Humidity = new("humidity", "%", 0);

    /// <summary>Data format 3 (RAWv1): nothing in it says that there is no value.</summary>
    /// <param name="data">At least <see cref="Raw1Length"/>.</param>
    /// <param name="values">Receives the values.</param>
    public static void Read1(ReadOnlySpan<byte> data, DecodedValues values)
    {
        Humidity.Add(values, data[1] * 0.5m);
        if (data[3] > 99)
        {
            Temperature.AddBad(values, string.Create(CultureInfo.InvariantCulture, $"out of range: {data[3]} hundredths"));
        }
        else
        {
            // Sign and magnitude, not two's complement.
            var hundredths = ((data[2] & 0x7F) * 100) + data[3];
            Temperature.Add(values, ((data[2] & 0x80) != 0 ? -hundredths : hundredths) * 0.01m);
        }

        AddPressure(data[4..], values);
        AccelerationX.Add(values, ReadInt16BigEndian(data[6..]) * 0.001m);
        AccelerationY.Add(values, ReadInt16BigEndian(data[8..]) * 0.001m);
        AccelerationZ.Add(values, ReadInt16BigEndian(data[10..]) * 0.001m);
        Voltage.Add(values, ReadUInt16BigEndian(data[12..]) * 0.001m);
    }

    /// <summary>Data format 5 (RAWv2).</summary>
    /// <param name="data">At least <see cref="Raw2Length"/>.</param>
    /// <param name="values">Receives the values.</param>
    public static void Read2(ReadOnlySpan<byte> data, DecodedValues values)
    {
        AddClimate(data, values);
        AddAcceleration(AccelerationX, data[7..], values);
        AddAcceleration(AccelerationY, data[9..], values);
        AddAcceleration(AccelerationZ, data[11..], values);

        // 11 bits: millivolts above 1.6 V; 5 bits: 2 dBm each above -40 dBm.
        var power = ReadUInt16BigEndian(data[13..]);
        Voltage.AddUnless(power >> 5 == 0x7FF, values, (1600 + (power >> 5)) * 0.001m);
        TxPower.AddUnless((power & 0x1F) == 0x1F, values, -40 + (2 * (power & 0x1F)));
        MovementCounter.AddUnless(data[15] == byte.MaxValue, values, data[15]);
    }

    /// <summary>Temperature, humidity and pressure as formats 5, 6 and E1 begin.</summary>
    public static void AddClimate(ReadOnlySpan<byte> data, DecodedValues values)
    {
        var temperature = ReadInt16BigEndian(data[1..]);
        Temperature.AddUnless(temperature == short.MinValue, values, temperature * 0.005m);
        var humidity = ReadUInt16BigEndian(data[3..]);
        Humidity.AddUnless(humidity == ushort.MaxValue, values, humidity * 0.0025m);
        var pressure = ReadUInt16BigEndian(data[5..]);
        Pressure.AddUnless(pressure == ushort.MaxValue, values, (PressureOffset + pressure) * 0.01m);
    }

    private static void AddPressure(ReadOnlySpan<byte> data, DecodedValues values) => Pressure.Add(values, (PressureOffset + ReadUInt16BigEndian(data)) * 0.01m);

    private static void AddAcceleration(BleField field, ReadOnlySpan<byte> data, DecodedValues values)
    {
        var milli = ReadInt16BigEndian(data);
        field.AddUnless(milli == short.MinValue, values, milli * 0.001m);
    }
}
