using System.Globalization;
using System.Text;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The objects of a payload of BTHome v2, decrypted (bthome.io/format).</summary>
internal static class BtHomePayload
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads the objects in their order. An id that is not known ends the payload, because nobody knows how long it is; senders put newer ids behind older ones.</summary>
    /// <param name="payload">Without the device information byte.</param>
    /// <param name="values">Receives the values.</param>
    /// <param name="packetId">The last packet id; null: none.</param>
    /// <param name="hasEvent">Whether something was pressed or turned.</param>
    public static void Read(ReadOnlySpan<byte> payload, DecodedValues values, out byte? packetId, out bool hasEvent)
    {
        packetId = null;
        hasEvent = false;
        Span<byte> heard = stackalloc byte[BtHomeObjects.Groups];
        heard.Clear();
        while (payload.Length > 0 && BtHomeObjects.Of(payload[0]) is { } kind)
        {
            payload = payload[1..];
            var nth = kind.Field is null ? 0 : ++heard[kind.Group];
            if (payload.Length < kind.Length || (kind.Kind is BtHomeKind.Text or BtHomeKind.Raw && payload.Length < 1 + payload[0]))
            {
                kind.Field?.AddBad(values, "cut short", nth);
                return;
            }

            if (kind.Kind is BtHomeKind.Text or BtHomeKind.Raw)
            {
                var length = payload[0];
                AddBytes(kind, payload.Slice(1, length), values, nth);
                payload = payload[(1 + length)..];
                continue;
            }

            var data = payload[..kind.Length];
            if (kind.Kind == BtHomeKind.PacketId)
            {
                packetId = data[0];
            }
            else
            {
                hasEvent |= kind.IsEvent && data[0] != 0;
                AddValue(kind, data, values, nth);
            }

            payload = payload[kind.Length..];
        }
    }

    private static void AddValue(BtHomeObject kind, ReadOnlySpan<byte> data, DecodedValues values, int nth)
    {
        var field = kind.Field!;
        switch (kind.Kind)
        {
            case BtHomeKind.Unsigned:
                field.Add(values, Unsigned(data) * kind.Scale, nth);
                break;
            case BtHomeKind.Signed:
                field.Add(values, Signed(data) * kind.Scale, nth);
                break;
            case BtHomeKind.Flag:
                AddFlag(field, data[0], values, nth);
                break;
            case BtHomeKind.Time:
                field.Add(values, DateTimeOffset.FromUnixTimeSeconds(Unsigned(data)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), nth);
                break;
            case BtHomeKind.Button when data[0] != 0:
                AddButton(field, data[0], values, nth);
                break;
            case BtHomeKind.Dimmer when data[0] != 0:
                AddDimmer(field, data, values, nth);
                break;
            case BtHomeKind.Version when data.Length == 4:
                field.Add(values, string.Create(CultureInfo.InvariantCulture, $"{data[3]}.{data[2]}.{data[1]}.{data[0]}"), nth);
                break;
            case BtHomeKind.Version:
                field.Add(values, string.Create(CultureInfo.InvariantCulture, $"{data[2]}.{data[1]}.{data[0]}"), nth);
                break;
        }
    }

    private static void AddFlag(BleField field, byte data, DecodedValues values, int nth)
    {
        if (data > 1)
        {
            field.AddBad(values, string.Create(CultureInfo.InvariantCulture, $"neither 0 nor 1: {data}"), nth);
        }
        else
        {
            field.Add(values, data == 1, nth);
        }
    }

    private static void AddButton(BleField field, byte press, DecodedValues values, int nth)
    {
        var word = press switch
        {
            0x01 => "press",
            0x02 => "double-press",
            0x03 => "triple-press",
            0x04 => "long-press",
            0x05 => "long-double-press",
            0x06 => "long-triple-press",
            0x80 => "hold-press",
            _ => null,
        };
        if (word is null)
        {
            field.AddBad(values, string.Create(CultureInfo.InvariantCulture, $"unknown event: {press}"), nth);
        }
        else
        {
            field.Add(values, word, nth);
        }
    }

    /// <summary>Direction and steps: 1 is left, 2 is right.</summary>
    private static void AddDimmer(BleField field, ReadOnlySpan<byte> data, DecodedValues values, int nth)
    {
        if (data[0] > 2)
        {
            field.AddBad(values, string.Create(CultureInfo.InvariantCulture, $"unknown event: {data[0]}"), nth);
        }
        else
        {
            field.Add(values, data[0] == 1 ? -data[1] : data[1], nth);
        }
    }

    private static void AddBytes(BtHomeObject kind, ReadOnlySpan<byte> data, DecodedValues values, int nth)
    {
        if (kind.Kind == BtHomeKind.Raw)
        {
            kind.Field!.Add(values, Convert.ToHexStringLower(data), nth);
            return;
        }

        if (!System.Text.Unicode.Utf8.IsValid(data))
        {
            kind.Field!.AddBad(values, "not UTF-8", nth);
            return;
        }

        kind.Field!.Add(values, s_utf8.GetString(data), nth);
    }

    private static uint Unsigned(ReadOnlySpan<byte> data)
    {
        var value = 0u;
        for (var i = data.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | data[i];
        }

        return value;
    }

    private static int Signed(ReadOnlySpan<byte> data)
    {
        var unused = 32 - (8 * data.Length);
        return (int)(Unsigned(data) << unused) >> unused;
    }
}
