using System.Buffers.Binary;
using System.Globalization;
using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>Cayenne Low Power Payload: channel, type and big-endian value, one after the other until the payload ends.</summary>
/// <remarks>
/// Types 0 to 3, 101 to 104, 113, 115, 134 and 136 are those of myDevices ("Cayenne LPP", data types of IPSO − 3200); the others are the extensions that the common libraries
/// of sensors share (CayenneLPP for Arduino by ElectronicCats, lpp of TheThingsNetwork). Fields are named by type and channel: <c>temperature-3</c>.
/// </remarks>
public sealed class CayenneLpp : IPayloadDecoder
{
    public const string Name = "cayenne-lpp";

    private static readonly CayenneType?[] s_types = new CayenneType?[256];

    static CayenneLpp()
    {
        foreach (var type in CayenneType.All)
        {
            s_types[type.Code] = type;
        }
    }

    public PayloadOutcome Decode(ReadOnlySpan<byte> payload, int? port, DecodedValues values)
    {
        var before = values.Count;
        var at = 0;
        while (at < payload.Length)
        {
            if (at + 1 == payload.Length)
            {
                return PayloadOutcome.UpTo(values, before, $"cut off after byte {at}: a channel without its type");
            }

            var (channel, code) = (payload[at], payload[at + 1]);
            if (s_types[code] is not { } type)
            {
                return PayloadOutcome.UpTo(
                    values, before, $"type {code} of channel {channel} (byte {at + 1}) is unknown, and so is where the next value begins",
                    "check that the device sends Cayenne LPP; describe the payload with decoder: { fields: … } otherwise");
            }

            at += 2;
            if (payload.Length - at < type.Length)
            {
                return PayloadOutcome.UpTo(values, before, $"cut off: {type.Name} of channel {channel} takes {type.Length} bytes, and {payload.Length - at} are left");
            }

            Add(values, before, channel, type, payload.Slice(at, type.Length));
            at += type.Length;
        }

        return payload.IsEmpty ? PayloadOutcome.Refused("an empty payload") : PayloadOutcome.Decoded;
    }

    private static void Add(DecodedValues values, int before, byte channel, CayenneType type, ReadOnlySpan<byte> bytes)
    {
        if (type.Shape == CayenneShape.Colour)
        {
            values.Add(Field(values, before, type.Name, channel), PointValue.Of($"#{Convert.ToHexStringLower(bytes)}"));
            return;
        }

        foreach (var part in type.Parts)
        {
            var raw = Integer(bytes[..part.Length], part.IsSigned);
            bytes = bytes[part.Length..];
            var value = type.Shape == CayenneShape.OnOff && raw is 0 or 1 ? PointValue.Of(raw == 1) : PointValue.Of(raw * part.Scale);
            values.Add(Field(values, before, part.Name, channel), value, part.Unit);
        }
    }

    private static string Field(DecodedValues values, int before, string name, byte channel) =>
        FieldNames.Unique(values, before, string.Create(CultureInfo.InvariantCulture, $"{name}-{channel}"));

    private static decimal Integer(ReadOnlySpan<byte> bytes, bool isSigned)
    {
        var bits = bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            3 => (uint)((bytes[0] << 16) | (bytes[1] << 8) | bytes[2]),
            _ => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        };
        var unused = 32 - (bytes.Length * 8);
        return isSigned ? (int)(bits << unused) >> unused : bits;
    }
}
