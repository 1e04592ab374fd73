using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The objects of a MiBeacon, decrypted: id, length, value. What is not known is passed over.</summary>
internal static class MiBeaconPayload
{
    private const int HeadLength = 3;

    /// <summary>Whether it is made of objects from beginning to end.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> payload)
    {
        while (payload.Length >= HeadLength && payload.Length >= HeadLength + payload[2])
        {
            payload = payload[(HeadLength + payload[2])..];
        }

        return payload.IsEmpty;
    }

    /// <param name="payload">Objects.</param>
    /// <param name="product">Some mean something else in other products.</param>
    /// <param name="values">Receives the values.</param>
    /// <returns>false: the last object is cut short.</returns>
    public static bool Read(ReadOnlySpan<byte> payload, ushort product, DecodedValues values)
    {
        while (payload.Length >= HeadLength)
        {
            var id = ReadUInt16LittleEndian(payload);
            int length = payload[2];
            payload = payload[HeadLength..];
            if (payload.Length < length)
            {
                return false;
            }

            ReadObject(id, payload[..length], product, values);
            payload = payload[length..];
        }

        return payload.IsEmpty;
    }

    private static void ReadObject(ushort id, ReadOnlySpan<byte> data, ushort product, DecodedValues values)
    {
        if (MiBeaconButtons.Read(id, data, product, values) || data.Length == 0)
        {
            return;
        }

        if (MiBeaconNumbers.Of(id) is { } number)
        {
            number.Read(data, values);
            return;
        }

        _ = MiBeaconStates.Read(id, data, product, values) || MiBeaconLocks.Read(id, data, values);
    }
}
