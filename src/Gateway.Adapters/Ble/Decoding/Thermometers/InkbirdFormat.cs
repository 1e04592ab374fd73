using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Inkbird's thermometers, told by name. There is no document of the maker; the layouts are those of ble_monitor and inkbird-ble.</summary>
/// <remarks>
/// The small ones write the temperature where the company identifier belongs, and radios that remember by company give back older temperatures beside the present one.
/// They answer scans only: who listens passively does not hear them. xBBQ writes its temperatures under 1 and a counter under 2.
/// </remarks>
internal sealed class InkbirdFormat : IBleFormat, IBleDecoder
{
    private const int ThLength = 7;
    private const ushort Ith = 0x2449;
    private const int IthLength = 16;

    // Probe thermometers: eight bytes, then two for each probe.
    private const int ProbesAt = 8;

    private static readonly BleField[] s_probes = [.. Enumerable.Range(1, 6).Select(static n => Temperature with { Name = string.Create(CultureInfo.InvariantCulture, $"probe-{n}") })];

    private static readonly DecodeOutcome s_ambiguous = DecodeOutcome.Refused(
        "several temperatures at once, and which is the newest is not told", "set `scan: active` for its link");

    private enum Model
    {
        None,
        Humidity,
        TemperatureOnly,
        Probes,
        Ith,
    }

    public string Name => "inkbird";

    public string Meaning => "Inkbird thermometers: IBS-TH, IBS-TH2, IBS-P01B, ITH-11-B, ITH-13-B, ITH-21-B, and the probes iBBQ and xBBQ.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => Find(advertisement, out _, out _) != Model.None;

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => this;

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        var model = Find(advertisement, out var company, out var data);
        switch (model)
        {
            case Model.Humidity or Model.TemperatureOnly when advertisement.Manufacturer.Count > 1:
                return s_ambiguous;
            case Model.Humidity or Model.TemperatureOnly:
                return ReadSmall(model, (short)company, data, values);
            case Model.Probes:
                for (var i = 0; ProbesAt + (2 * i) < data.Length; i++)
                {
                    AddProbe(s_probes[i], ReadInt16LittleEndian(data[(ProbesAt + (2 * i))..]), values);
                }

                return DecodeOutcome.Decoded;
            case Model.Ith:
                Temperature.Add(values, ReadInt16LittleEndian(data[4..]) * 0.1m);
                Humidity.Add(values, ReadUInt16LittleEndian(data[6..]) * 0.1m);
                Battery.Add(values, data[8]);
                return DecodeOutcome.Decoded;
            default:
                return DecodeOutcome.NotMine;
        }
    }

    private static Model Find(Advertisement advertisement, out ushort company, out ReadOnlySpan<byte> data)
    {
        company = 0;
        data = default;
        if (advertisement.Manufacturer.Count == 0)
        {
            return Model.None;
        }

        var newest = advertisement.Manufacturer[^1];
        company = newest.Company;
        data = newest.Data.Span;
        return advertisement.Name switch
        {
            "sps" or "N0BYD" when data.Length == ThLength => Model.Humidity,
            "tps" when data.Length == ThLength => Model.TemperatureOnly,
            { } name when name.StartsWith("ITH-", StringComparison.Ordinal) && company == Ith && data.Length >= IthLength => Model.Ith,
            _ when FindProbes(advertisement, out data) => Model.Probes,
            _ => Model.None,
        };
    }

    /// <summary>Told by name, or by the address that they repeat in their data, in either direction.</summary>
    private static bool FindProbes(Advertisement advertisement, out ReadOnlySpan<byte> data)
    {
        if (!(advertisement.TryManufacturer(0x0000, out data) || advertisement.TryManufacturer(0x0001, out data))
            || data.Length is not (ProbesAt + 2 or ProbesAt + 4 or ProbesAt + 8 or ProbesAt + 12))
        {
            return false;
        }

        if (advertisement.Name is "iBBQ" or "xBBQ")
        {
            return true;
        }

        Span<byte> own = stackalloc byte[BleAddress.Length];
        advertisement.Address.CopyTo(own);
        var repeated = data.Slice(2, BleAddress.Length);
        if (repeated.SequenceEqual(own))
        {
            return true;
        }

        own.Reverse();
        return repeated.SequenceEqual(own);
    }

    private static DecodeOutcome ReadSmall(Model model, short hundredths, ReadOnlySpan<byte> data, DecodedValues values)
    {
        // 0: the sensor inside; 1, of some 3: the one at the end of the cable.
        if (data[2] is not (0 or 1 or 3))
        {
            return DecodeOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"probe {data[2]} is not known"));
        }

        (data[2] == 0 ? Temperature : s_probes[0]).Add(values, hundredths * 0.01m);
        if (model == Model.Humidity)
        {
            Humidity.Add(values, ReadUInt16LittleEndian(data) * 0.01m);
        }

        Battery.Add(values, data[5]);
        return DecodeOutcome.Decoded;
    }

    /// <summary>Tenths; -1.0 and FFFF: no probe is plugged in.</summary>
    private static void AddProbe(BleField field, short tenths, DecodedValues values)
    {
        if (tenths is -10 or -1)
        {
            field.AddBad(values, BleField.NotConnected);
        }
        else
        {
            field.Add(values, tenths * 0.1m);
        }
    }
}
