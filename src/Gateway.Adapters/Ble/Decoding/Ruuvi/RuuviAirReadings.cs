using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The payloads of Ruuvi Air: format 6 fits into every advertisement, E1 needs extended ones.</summary>
internal static class RuuviAirReadings
{
    public const byte Compact = 6;
    public const int CompactLength = 20;
    public const byte Extended = 0xE1;
    public const int ExtendedLength = 40;

    // Format 6 writes light as a logarithm of 254 steps up to 65,535 lx.
    private static readonly double s_lightStep = Math.Log(65_536) / 254;

    /// <param name="data">At least <see cref="CompactLength"/>.</param>
    /// <param name="values">Receives the values.</param>
    public static void ReadCompact(ReadOnlySpan<byte> data, DecodedValues values)
    {
        RuuviReadings.AddClimate(data, values);
        AddTenths(Pm25, data[7..], values);
        AddWhole(Co2, data[9..], values);
        AddIndexes(data[11], data[12], data[16], values);
        Illuminance.AddUnless(data[13] == byte.MaxValue, values, Math.Round((decimal)(Math.Exp(data[13] * s_lightStep) - 1), 2));
        Calibrating.Add(values, (data[16] & 0x01) != 0);
    }

    /// <param name="data">At least <see cref="ExtendedLength"/>.</param>
    /// <param name="values">Receives the values.</param>
    public static void ReadExtended(ReadOnlySpan<byte> data, DecodedValues values)
    {
        RuuviReadings.AddClimate(data, values);
        AddTenths(Pm1, data[7..], values);
        AddTenths(Pm25, data[9..], values);
        AddTenths(Pm4, data[11..], values);
        AddTenths(Pm10, data[13..], values);
        AddWhole(Co2, data[15..], values);
        AddIndexes(data[17], data[18], data[28], values);
        var light = (data[19] << 16) | (data[20] << 8) | data[21];
        Illuminance.AddUnless(light == 0xFF_FFFF, values, light * 0.01m);
        Calibrating.Add(values, (data[28] & 0x01) != 0);
    }

    private static void AddTenths(BleField field, ReadOnlySpan<byte> data, DecodedValues values)
    {
        var raw = ReadUInt16BigEndian(data);
        field.AddUnless(raw == ushort.MaxValue, values, raw * 0.1m);
    }

    private static void AddWhole(BleField field, ReadOnlySpan<byte> data, DecodedValues values)
    {
        var raw = ReadUInt16BigEndian(data);
        field.AddUnless(raw == ushort.MaxValue, values, raw);
    }

    /// <summary>Nine bits each; the least significant ones are bits 6 and 7 of the flags.</summary>
    private static void AddIndexes(byte voc, byte nox, byte flags, DecodedValues values)
    {
        AddIndex(VocIndex, (voc << 1) | ((flags >> 6) & 1), values);
        AddIndex(NoxIndex, (nox << 1) | (flags >> 7), values);
    }

    private static void AddIndex(BleField field, int index, DecodedValues values) => field.AddUnless(index == 0x1FF, values, index);
}
