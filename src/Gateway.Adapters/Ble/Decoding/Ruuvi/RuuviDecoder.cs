using System.Globalization;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

internal sealed class RuuviDecoder : IBleDecoder
{
    private readonly LastContent _last = new();

    /// <summary>Bytes of a data format; <see cref="int.MaxValue"/>: not known.</summary>
    public static int LengthOf(byte format) => format switch
    {
        RuuviReadings.Raw1 => RuuviReadings.Raw1Length,
        RuuviReadings.Raw2 => RuuviReadings.Raw2Length,
        RuuviAirReadings.Compact => RuuviAirReadings.CompactLength,
        RuuviAirReadings.Extended => RuuviAirReadings.ExtendedLength,
        _ => int.MaxValue,
    };

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!advertisement.TryManufacturer(RuuviFormat.Company, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        if (data.Length == 0)
        {
            return Refusals.TooShort;
        }

        var length = LengthOf(data[0]);
        if (length == int.MaxValue)
        {
            return DecodeOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"Ruuvi data format 0x{data[0]:X2}, where only 3, 5, 6 and E1 are known"));
        }

        if (data.Length < length)
        {
            return Refusals.TooShort;
        }

        // All but the oldest carry the number of the measurement: each is sent several times, and the same bytes are the same measurement.
        if (_last.IsRepeated(data, advertisement.HeardAt) && data[0] != RuuviReadings.Raw1)
        {
            return DecodeOutcome.Repeated;
        }

        switch (data[0])
        {
            case RuuviReadings.Raw1:
                RuuviReadings.Read1(data, values);
                break;
            case RuuviReadings.Raw2:
                RuuviReadings.Read2(data, values);
                break;
            case RuuviAirReadings.Compact:
                RuuviAirReadings.ReadCompact(data, values);
                break;
            default:
                RuuviAirReadings.ReadExtended(data, values);
                break;
        }

        return DecodeOutcome.Decoded;
    }
}
