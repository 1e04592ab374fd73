using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Objects of MiBeacon that say several things, or something else in another product.</summary>
internal static class MiBeaconStates
{
    // Products whose light objects say yes or no instead of lux.
    private const ushort Mjyd02yl = 0x07F6;
    private const ushort Rtcgq02lm = 0x0A8D;
    private const ushort Mccgq02hl = 0x098B;
    private const ushort Cgpr1 = 0x0A83;

    /// <summary>The maker's app takes so many seconds without motion for motion still.</summary>
    private const uint StillMotion = 30;

    private static readonly BleField s_brushing = new("brushing");
    private static readonly BleField s_brushingTime = new("brushing-time", "s");
    private static readonly BleField s_leftOpen = new("left-open");
    private static readonly BleField s_score = new("score");
    private static readonly BleField s_sleeping = new("sleeping");

    /// <param name="id">Object.</param>
    /// <param name="data">Not empty.</param>
    /// <param name="product">Product.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>false: not one of these, or not of the length that is known.</returns>
    public static bool Read(ushort id, ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        switch (id, data.Length)
        {
            case (0x0003, _):
                Motion.Add(values, data[0] != 0);
                return true;
            case (0x000A, 2):
                // A thermometer that is not worn says 0.
                var body = ReadInt16LittleEndian(data);
                Temperature.AddUnless(body == 0, values, body * 0.01m);
                return true;
            case (0x000F, 3):
                ReadMotionWithLight(data, product, values);
                return true;
            case (0x0010, _):
                ReadToothbrush(data, values);
                return true;
            case (0x1005, >= 2):
                Powered.Add(values, data[0] != 0);
                Temperature.Add(values, data[1]);
                return true;
            case (0x1007, 3):
                ReadLight(data, product, values);
                return true;
            case (0x100D, 4):
                Temperature.Add(values, ReadInt16LittleEndian(data) * 0.1m);
                Humidity.Add(values, ReadUInt16LittleEndian(data[2..]) * 0.1m);
                return true;
            case (0x1017, 4):
                ReadNoMotion(ReadUInt32LittleEndian(data), values);
                return true;
            case (0x101B, 4):
                // Sent when the time that was set in the app is over.
                Motion.Add(values, false);
                NoMotionTime.Add(values, ReadUInt32LittleEndian(data));
                return true;
            case (0x4818, 2):
                ReadNoMotion(ReadUInt16LittleEndian(data), values);
                return true;
            case (0x1019, _):
                ReadOpening(data[0], values);
                return true;
            case (0x2000, 5):
                ReadBodyTemperature(data, values);
                return true;
            case (0x3003, >= 5):
                ReadBrushing(data, values);
                return true;
            case (0x4804 or 0x4A12, _) when data[0] is 1 or 2:
                Open.Add(values, data[0] == 1);
                return true;
            case (0x4810 or 0x5010, _) when data[0] is 0 or 1:
                s_sleeping.Add(values, data[0] == 1);
                return true;
            case (0x4A08, 4):
                Motion.Add(values, true);
                Illuminance.AddSingle(values, ReadSingleLittleEndian(data));
                return true;
            case (0x4A0F, _) when data[0] == 1:
                Open.Add(values, true);
                Tamper.Add(values, true);
                return true;
            case (0x4A1A, _) when data[0] == 1:
                Open.Add(values, true);
                s_leftOpen.Add(values, true);
                return true;
            case (0x4E16 or 0x4E17, _) when data[0] == 1:
                Occupancy.Add(values, id == 0x4E16);
                return true;
            case (0x5A16, _) when data[0] is 1 or 2:
                Occupancy.Add(values, data[0] == 1);
                return true;
            default:
                return false;
        }
    }

    private static void ReadMotionWithLight(ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        var light = Unsigned24(data);
        Motion.Add(values, true);
        if (product is Mjyd02yl or Rtcgq02lm)
        {
            // 0 or 1: dark; 100 (the one), 256 (the other): light.
            Light.Add(values, light >= 100);
        }
        else if (product == Cgpr1)
        {
            Illuminance.Add(values, light);
        }
    }

    private static void ReadLight(ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        var light = Unsigned24(data);
        if (product is Mjyd02yl or Mccgq02hl)
        {
            Light.Add(values, light == 100);
        }
        else
        {
            Illuminance.Add(values, light);
        }
    }

    private static void ReadNoMotion(uint seconds, DecodedValues values)
    {
        Motion.Add(values, seconds <= StillMotion);
        NoMotionTime.Add(values, seconds);
    }

    /// <summary>0 opened, 1 closed, 2 not closed in time, 3 the sensor was reset.</summary>
    private static void ReadOpening(byte state, DecodedValues values)
    {
        if (state > 2)
        {
            return;
        }

        Open.Add(values, state != 1);
        if (state != 0)
        {
            s_leftOpen.Add(values, state == 2);
        }
    }

    /// <summary>0 begins, with the seconds so far; anything else ends, with the score.</summary>
    private static void ReadToothbrush(ReadOnlySpan<byte> data, DecodedValues values)
    {
        s_brushing.Add(values, data[0] == 0);
        if (data.Length > 1)
        {
            (data[0] == 0 ? s_brushingTime : s_score).Add(values, data[1]);
        }
    }

    /// <summary>0 begins, 1 ends; then a time, which is the one of the brush; then, at the end, the score.</summary>
    private static void ReadBrushing(ReadOnlySpan<byte> data, DecodedValues values)
    {
        if (data[0] > 1)
        {
            return;
        }

        s_brushing.Add(values, data[0] == 0);
        if (data.Length >= 6)
        {
            s_score.Add(values, data[5]);
        }
    }

    /// <summary>Two temperatures of the sensor, of which the maker's app makes one of the body; the formula is the approximation of ble_monitor, good from 36.5 to 37.8 °C.</summary>
    private static void ReadBodyTemperature(ReadOnlySpan<byte> data, DecodedValues values)
    {
        var (first, second) = (ReadInt16LittleEndian(data) * 0.01, ReadInt16LittleEndian(data[2..]) * 0.01);
        var body = (3.71934e-11 * Math.Exp(0.69314 * first)) - (1.02801e-8 * Math.Exp(0.53871 * second)) + 36.413;
        if (body is > 30 and < 45)
        {
            Temperature.Add(values, Math.Round((decimal)body, 2));
        }
        else
        {
            Temperature.AddBad(values, "out of range");
        }

        Battery.Add(values, data[4]);
    }

    private static uint Unsigned24(ReadOnlySpan<byte> data) => (uint)(data[0] | (data[1] << 8) | (data[2] << 16));
}
