using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Remembers the model: the answer to a scan names it, the advertisements between them have the readings only.</summary>
internal sealed class SwitchBotDecoder : IBleDecoder
{
    private const int ReadingsAt = 8;
    private const int ReadingsLength = 3;
    private const int Co2At = 13;

    /// <summary>More than the sensor of the Meter Pro measures.</summary>
    private static readonly BleField s_co2 = Co2 with { Max = 9999 };

    private byte _model;

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        var isNamed = SwitchBotFormat.TryService(advertisement, out var service);
        if (isNamed)
        {
            _model = SwitchBotModel.Of(service[0]);
        }

        var hasReadings = advertisement.TryManufacturer(SwitchBotFormat.Company, out var data) && data.Length >= ReadingsAt + ReadingsLength;
        if (_model == 0 || (!isNamed && !hasReadings))
        {
            return DecodeOutcome.NotMine;
        }

        var readings = hasReadings ? data.Slice(ReadingsAt, ReadingsLength) : service.Length >= 3 + ReadingsLength ? service.Slice(3, ReadingsLength) : default;
        if (!readings.IsEmpty)
        {
            AddReadings(readings, isNamed && service[2] == 0, values);
        }

        if (isNamed)
        {
            Battery.Add(values, service[2] & 0x7F);
        }

        if (_model == SwitchBotModel.MeterProCo2 && hasReadings && data.Length >= Co2At + 2)
        {
            s_co2.Add(values, ReadUInt16BigEndian(data[Co2At..]));
        }

        return values.Count > 0 ? DecodeOutcome.Decoded : Refusals.TooShort;
    }

    /// <summary>Tenths in four bits; a sign (1: above zero) and whole degrees; the unit of the display and humidity. All zeros with an empty battery: it has not measured yet.</summary>
    private static void AddReadings(ReadOnlySpan<byte> data, bool isBatteryZero, DecodedValues values)
    {
        if (isBatteryZero && (data[0] & 0x0F) == 0 && (data[1] & 0x7F) == 0 && (data[2] & 0x7F) == 0)
        {
            Temperature.AddBad(values, BleField.NotAvailable);
            Humidity.AddBad(values, BleField.NotAvailable);
            return;
        }

        var tenths = ((data[1] & 0x7F) * 10) + (data[0] & 0x0F);
        if ((data[0] & 0x0F) > 9)
        {
            Temperature.AddBad(values, "out of range");
        }
        else
        {
            Temperature.Add(values, ((data[1] & 0x80) != 0 ? tenths : -tenths) * 0.1m);
        }

        Humidity.Add(values, data[2] & 0x7F);
    }
}
