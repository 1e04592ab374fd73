using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The characteristics of the Heart Rate Service (HRS 1.0 §3.1, §3.2).</summary>
internal static class GattHeartRate
{
    public static readonly BleField Rate = new("heart-rate", "1/min");
    public static readonly BleField Location = new("body-sensor-location");

    // Heart Rate Measurement, flags.
    private const int IsWide = 0x01;
    private const int HasContact = 0x02;
    private const int CanTellContact = 0x04;
    private const int HasEnergy = 0x08;
    private const int HasIntervals = 0x10;

    private static readonly BleField s_contact = new("contact");
    private static readonly BleField s_energy = new("energy-expended", "kJ");
    private static readonly BleField s_interval = new("rr-interval", "ms");

    private static readonly string[] s_locations = ["other", "chest", "wrist", "finger", "hand", "ear-lobe", "foot"];

    /// <summary>Flags, rate of one or two bytes, energy, then intervals between beats in 1/1024 s.</summary>
    public static bool ReadMeasurement(ReadOnlySpan<byte> value, DecodedValues values)
    {
        if (value.Length < 2 || value.Length < Needed(value[0]))
        {
            return false;
        }

        int flags = value[0];
        value = value[1..];
        var isWide = (flags & IsWide) != 0;
        Rate.Add(values, isWide ? ReadUInt16LittleEndian(value) : value[0]);
        value = value[(isWide ? 2 : 1)..];
        if ((flags & CanTellContact) != 0)
        {
            s_contact.Add(values, (flags & HasContact) != 0);
        }

        if ((flags & HasEnergy) != 0)
        {
            s_energy.Add(values, ReadUInt16LittleEndian(value));
            value = value[2..];
        }

        for (; (flags & HasIntervals) != 0 && value.Length >= 2; value = value[2..])
        {
            s_interval.Add(values, ReadUInt16LittleEndian(value) * 1000m / 1024);
        }

        return true;
    }

    public static bool ReadLocation(ReadOnlySpan<byte> value, DecodedValues values)
    {
        if (value.Length < 1)
        {
            return false;
        }

        if (value[0] < s_locations.Length)
        {
            Location.Add(values, s_locations[value[0]]);
        }
        else
        {
            Location.AddBad(values, "reserved");
        }

        return true;
    }

    private static int Needed(int flags) => 1 + ((flags & IsWide) != 0 ? 2 : 1) + ((flags & HasEnergy) != 0 ? 2 : 0);
}
