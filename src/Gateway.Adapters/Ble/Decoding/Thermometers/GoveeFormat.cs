using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Govee's thermometers: manufacturer data, the model told by company, length and listed service. There is no document of the maker; the layouts are those of ble_monitor and govee-ble.</summary>
internal sealed class GoveeFormat : IBleFormat, IBleDecoder
{
    private const ushort Common = 0xEC88;
    private const ushort Nokia = 0x0001;
    private const ushort H5179 = 0x8801;

    private static readonly Guid s_commonService = BleUuid.Of(Common);

    private static readonly BleField s_outdoorTemperature = new("outdoor-temperature", "°C", -40, 100);
    private static readonly BleField s_outdoorHumidity = new("outdoor-humidity", "%", 0, 100);
    private static readonly BleField s_outdoorBattery = new("outdoor-battery", "%", 0, 100);

    // What the sensor says when it does not work is far outside: -393.2, 484.9.
    private static readonly BleField s_temperature = Temperature with { Min = -40, Max = 100 };

    public string Name => "govee";

    public string Meaning => "Govee thermometers: H5051, H5052, H5071, H5072, H5074, H5075, H5101, H5102, H5177, H5178, H5179, and the probes H5181 to H5185 and H5198.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement)
    {
        for (var i = 0; i < advertisement.Manufacturer.Count; i++)
        {
            var (company, data) = advertisement.Manufacturer[i];
            if (IsMine(advertisement, company, GoveeTail.Cut(data.Span)))
            {
                return true;
            }
        }

        return false;
    }

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => this;

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        for (var i = advertisement.Manufacturer.Count - 1; i >= 0; i--)
        {
            var (company, whole) = advertisement.Manufacturer[i];
            var data = GoveeTail.Cut(whole.Span);
            if (IsMine(advertisement, company, data))
            {
                Read(company, data, advertisement, values);
                return values.Count > 0 ? DecodeOutcome.Decoded : DecodeOutcome.NotMine;
            }
        }

        return DecodeOutcome.NotMine;
    }

    private static bool IsMine(Advertisement advertisement, ushort company, ReadOnlySpan<byte> data) => company switch
    {
        Common => data.Length is 6 or 7 or 9,

        // Nokia's number, which Govee uses without asking.
        Nokia => data.Length is 6 or 9 && data[0] == 1 && data[1] == 1 && (advertisement.Lists(s_commonService) || GoveeTail.IsName(advertisement.Name)),
        H5179 => data.Length == 9 && data[0] == 0xEC,
        _ => GoveeProbes.Model(advertisement, company, data) != 0,
    };

    private static void Read(ushort company, ReadOnlySpan<byte> data, Advertisement advertisement, DecodedValues values)
    {
        switch (company, data.Length)
        {
            case (Common, 6):
                AddPacked(s_temperature, Humidity, Battery, data[1..], values);
                break;
            case (Nokia, 6):
                AddPacked(s_temperature, Humidity, Battery, data[2..], values);
                break;
            case (Nokia, 9) when data[2] == 0:
                AddPacked(s_temperature, Humidity, Battery, data[3..], values);
                break;
            case (Nokia, 9) when data[2] == 1:
                AddPacked(s_outdoorTemperature, s_outdoorHumidity, s_outdoorBattery, data[3..], values);
                break;
            case (Common, _):
                AddPlain(data[1..], values);
                break;
            case (H5179, 9):
                AddPlain(data[4..], values);
                break;
            case (Nokia, _):
                break;
            default:
                GoveeProbes.Read(GoveeProbes.Model(advertisement, company, data), data, values);
                break;
        }
    }

    /// <summary>Temperature and humidity in one decimal number of 23 bits and a sign: tenths of a degree, then three digits of tenths of a percent. Bit 7 of the battery says that the sensor failed.</summary>
    private static void AddPacked(BleField temperature, BleField humidity, BleField battery, ReadOnlySpan<byte> data, DecodedValues values)
    {
        var packed = ((data[0] & 0x7F) << 16) | (data[1] << 8) | data[2];
        var tenths = packed / 1000;
        var degrees = ((data[0] & 0x80) != 0 ? -tenths : tenths) * 0.1m;
        if ((data[3] & 0x80) != 0)
        {
            temperature.AddBad(values, SensorFailed);
            humidity.AddBad(values, SensorFailed);
        }
        else if (degrees < temperature.Min || degrees > temperature.Max)
        {
            // The humidity is made of the same bits.
            temperature.Add(values, degrees);
            humidity.AddBad(values, SensorFailed);
        }
        else
        {
            temperature.Add(values, degrees);
            humidity.Add(values, packed % 1000 * 0.1m);
        }

        battery.Add(values, data[3] & 0x7F);
    }

    private static void AddPlain(ReadOnlySpan<byte> data, DecodedValues values)
    {
        s_temperature.Add(values, ReadInt16LittleEndian(data) * 0.01m);
        Humidity.Add(values, ReadUInt16LittleEndian(data[2..]) * 0.01m);
        Battery.Add(values, data[4]);
    }

    private const string SensorFailed = "the sensor failed";
}
