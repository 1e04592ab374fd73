using System.Globalization;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Govee's meat thermometers: one, two or four probes, each with the temperatures at which it rings.</summary>
internal static class GoveeProbes
{
    private const short Missing = -1;

    private static readonly (int Model, Guid Service)[] s_models =
    [
        (5181, BleUuid.Of(0x8151)), (5182, BleUuid.Of(0x8251)), (5183, BleUuid.Of(0x8351)),
        (5184, BleUuid.Of(0x8451)), (5185, BleUuid.Of(0x8551)), (5198, BleUuid.Of(0x9851)),
    ];

    private static readonly BleField[] s_probes = Fields("");
    private static readonly BleField[] s_alarms = Fields("-alarm");
    private static readonly BleField[] s_lowAlarms = Fields("-alarm-low");

    /// <summary>The model, by a listed service or by name, if the data has its length; 0: none.</summary>
    public static int Model(Advertisement advertisement, ushort company, ReadOnlySpan<byte> data)
    {
        // Apple's and Microsoft's own data come beside it. Each of these begins with a byte of the address, then 01 00 01 01.
        if (company is 0x004C or 0x0006 || data.Length < 14 || !data[1..].StartsWith((ReadOnlySpan<byte>)[0x01, 0x00, 0x01, 0x01]))
        {
            return 0;
        }

        foreach (var (model, service) in s_models)
        {
            if (data.Length == LengthOf(model) && (advertisement.Lists(service) || IsNamed(advertisement.Name, model)))
            {
                return model;
            }
        }

        return 0;
    }

    /// <param name="model">One that <see cref="Model"/> found.</param>
    /// <param name="data">As long as the model's.</param>
    /// <param name="values">Receives the values.</param>
    public static void Read(int model, ReadOnlySpan<byte> data, DecodedValues values)
    {
        // Of four probes two come at a time; the byte says which.
        var first = (model, data[6] & 0x3F) switch
        {
            (5184, 1) or (5198, 1) => 0,
            (5184, 2) or (5198, 2) => 2,
            (5184 or 5198, _) => -1,
            _ => 0,
        };
        if (first < 0)
        {
            return;
        }

        switch (model)
        {
            case 5181 or 5183:
                Add(first, data[8..], false, values);
                break;
            case 5182 or 5184:
                Add(first, data[8..], false, values);
                Add(first + 1, data[13..], false, values);
                break;
            default:
                var hasLowAlarm = model == 5198;
                Add(first, data[8..], hasLowAlarm, values);
                Add(first + 1, data[14..], hasLowAlarm, values);
                break;
        }
    }

    /// <summary>Hundredths, big-endian; FFFF: no probe is plugged in, no alarm is set.</summary>
    private static void Add(int probe, ReadOnlySpan<byte> data, bool hasLowAlarm, DecodedValues values)
    {
        var temperature = ReadInt16BigEndian(data);
        if (temperature == Missing)
        {
            s_probes[probe].AddBad(values, BleField.NotConnected);
        }
        else
        {
            s_probes[probe].Add(values, temperature * 0.01m);
        }

        AddAlarm(s_alarms[probe], ReadInt16BigEndian(data[2..]), values);
        if (hasLowAlarm)
        {
            AddAlarm(s_lowAlarms[probe], ReadInt16BigEndian(data[4..]), values);
        }
    }

    private static void AddAlarm(BleField field, short hundredths, DecodedValues values)
    {
        if (hundredths != Missing)
        {
            field.Add(values, hundredths * 0.01m);
        }
    }

    private static int LengthOf(int model) => model switch
    {
        5181 or 5183 => 14,
        5182 or 5184 => 17,
        _ => 20,
    };

    private static bool IsNamed(string? name, int model)
    {
        if (!GoveeTail.IsName(name))
        {
            return false;
        }

        Span<char> digits = stackalloc char[4];
        model.TryFormat(digits, out _, default, CultureInfo.InvariantCulture);
        return name.AsSpan().Contains(digits, StringComparison.Ordinal);
    }

    private static BleField[] Fields(string suffix) =>
        [.. Enumerable.Range(1, 4).Select(n => BleFields.Temperature with { Name = string.Create(CultureInfo.InvariantCulture, $"probe-{n}{suffix}") })];
}
