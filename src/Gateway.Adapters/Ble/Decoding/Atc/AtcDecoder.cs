using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;
using static Gateway.Adapters.Ble.Decoding.BleFields;

namespace Gateway.Adapters.Ble.Decoding;

internal sealed class AtcDecoder(ReadOnlyMemory<byte>? key, TimeProvider time) : IBleDecoder
{
    private const int AtcLength = 13;
    private const int CustomLength = 15;
    private const int EncryptedAtcLength = 1 + 3 + TaggedCipher.TagLength;
    private const int EncryptedCustomLength = 1 + 6 + TaggedCipher.TagLength;

    private static readonly byte[] s_associated = [0x11];

    private readonly TaggedCipher? _cipher = key is { } bytes ? new(bytes.Span) : null;
    private readonly ByteCounter _counter = new(time);
    private readonly LastContent _last = new();

    public static bool IsEncrypted(int length) => length is EncryptedAtcLength or EncryptedCustomLength;

    /// <summary>Plain ones begin with the address: ATC1441 as it is written, pvvx backwards.</summary>
    public static bool IsFrom(BleAddress address, ReadOnlySpan<byte> data)
    {
        if (data.Length is not (AtcLength or CustomLength))
        {
            return false;
        }

        Span<byte> own = stackalloc byte[BleAddress.Length];
        address.CopyTo(own);
        if (data.Length == CustomLength)
        {
            own.Reverse();
        }

        return data.StartsWith(own);
    }

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!advertisement.TryService(AtcFormat.Service, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        if (IsEncrypted(data.Length))
        {
            return _cipher is null ? Refusals.NoKey : ReadEncrypted(data, advertisement, values);
        }

        if (!IsFrom(advertisement.Address, data))
        {
            return DecodeOutcome.NotMine;
        }

        if (_cipher is not null)
        {
            return Refusals.InTheClear;
        }

        // The last byte but flags is the number of the measurement: the same bytes are the same one, sent again.
        if (_last.IsRepeated(data, advertisement.HeardAt))
        {
            return DecodeOutcome.Repeated;
        }

        if (data.Length == AtcLength)
        {
            Temperature.Add(values, ReadInt16BigEndian(data[6..]) * 0.1m);
            Humidity.Add(values, data[8]);
            Battery.Add(values, data[9]);
            Voltage.Add(values, ReadUInt16BigEndian(data[10..]) * 0.001m);
        }
        else
        {
            Temperature.Add(values, ReadInt16LittleEndian(data[6..]) * 0.01m);
            Humidity.Add(values, ReadUInt16LittleEndian(data[8..]) * 0.01m);
            Battery.Add(values, data[12]);
            Voltage.Add(values, ReadUInt16LittleEndian(data[10..]) * 0.001m);
        }

        return DecodeOutcome.Decoded;
    }

    /// <summary>Nonce: address backwards, the header of the advertising structure (its length, 16, 1A 18), counter.</summary>
    private DecodeOutcome ReadEncrypted(ReadOnlySpan<byte> data, Advertisement advertisement, DecodedValues values)
    {
        var content = LastContent.Of(data);
        if (_counter.IsRepeated(data[0], content))
        {
            return DecodeOutcome.Repeated;
        }

        Span<byte> nonce = stackalloc byte[11];
        advertisement.Address.CopyTo(nonce);
        nonce[..BleAddress.Length].Reverse();
        (nonce[6], nonce[7], nonce[8], nonce[9], nonce[10]) = ((byte)(data.Length + 3), 0x16, 0x1A, 0x18, data[0]);
        Span<byte> payload = stackalloc byte[data.Length - 1 - TaggedCipher.TagLength];
        if (!_cipher!.TryOpen(nonce, data[1..^TaggedCipher.TagLength], data[^TaggedCipher.TagLength..], s_associated, payload))
        {
            return Refusals.WrongKey;
        }

        var outcome = _counter.Accept(data[0], content, advertisement.HeardAt);
        if (outcome.Status != DecodeStatus.Decoded)
        {
            return outcome;
        }

        if (data.Length == EncryptedAtcLength)
        {
            Temperature.Add(values, (payload[0] * 0.5m) - 40);
            Humidity.Add(values, payload[1] * 0.5m);
            Battery.Add(values, payload[2] & 0x7F);
        }
        else
        {
            Temperature.Add(values, ReadInt16LittleEndian(payload) * 0.01m);
            Humidity.Add(values, ReadUInt16LittleEndian(payload[2..]) * 0.01m);
            Battery.Add(values, payload[4]);
        }

        return outcome;
    }
}
