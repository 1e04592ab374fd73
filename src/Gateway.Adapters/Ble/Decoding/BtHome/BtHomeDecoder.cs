using System.Buffers.Binary;
using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

internal sealed class BtHomeDecoder(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) : IBleDecoder
{
    private const int CounterLength = 4;

    // More than any advertisement carries in one piece; what is longer is cut off by the radio already.
    private const int LongestPayload = 256;

    private readonly TaggedCipher? _cipher = key is { } bytes ? new(bytes.Span) : null;
    private readonly EncryptionCounter _counter = new(time, counter);
    private readonly PacketIds _packets = new(time);
    private readonly LastContent _lastEvent = new();

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!advertisement.TryService(BtHomeFormat.Service, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        if (data.Length == 0)
        {
            return Refusals.TooShort;
        }

        var info = data[0];
        if (BtHomeInfo.Version(info) != BtHomeInfo.Known)
        {
            return DecodeOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"BTHome version {BtHomeInfo.Version(info)}, where only 2 is known"));
        }

        var isEncrypted = BtHomeInfo.IsEncrypted(info);
        if (!isEncrypted)
        {
            return _cipher is null ? ReadPlain(info, data, advertisement, values) : Refusals.InTheClear;
        }

        return _cipher is null ? Refusals.NoKey : ReadEncrypted(info, data, advertisement, values);
    }

    private DecodeOutcome ReadPlain(byte info, ReadOnlySpan<byte> data, Advertisement advertisement, DecodedValues values)
    {
        var payload = data[1..];
        if (BtHomeInfo.HasAddress(info))
        {
            if (payload.Length < BleAddress.Length)
            {
                return Refusals.TooShort;
            }

            payload = payload[BleAddress.Length..];
        }

        return Read(payload, data, advertisement, values);
    }

    /// <summary>Nonce: address, UUID, device information, counter (bthome.io/encryption).</summary>
    private DecodeOutcome ReadEncrypted(byte info, ReadOnlySpan<byte> data, Advertisement advertisement, DecodedValues values)
    {
        var rest = data[1..];
        var addressLength = BtHomeInfo.HasAddress(info) ? BleAddress.Length : 0;
        var length = rest.Length - addressLength - CounterLength - TaggedCipher.TagLength;
        if (length is < 1 or > LongestPayload)
        {
            return Refusals.TooShort;
        }

        Span<byte> nonce = stackalloc byte[13];
        if (addressLength > 0)
        {
            // Sent least significant byte first, as on air.
            rest[..BleAddress.Length].CopyTo(nonce);
            nonce[..BleAddress.Length].Reverse();
            rest = rest[BleAddress.Length..];
        }
        else
        {
            advertisement.Address.CopyTo(nonce);
        }

        (nonce[6], nonce[7], nonce[8]) = (0xD2, 0xFC, info);
        var counterBytes = rest.Slice(length, CounterLength);
        counterBytes.CopyTo(nonce[9..]);
        var number = BinaryPrimitives.ReadUInt32LittleEndian(counterBytes);
        var content = LastContent.Of(data);
        if (_counter.IsRepeated(number, content))
        {
            return DecodeOutcome.Repeated;
        }

        Span<byte> payload = stackalloc byte[length];
        if (!_cipher!.TryOpen(nonce, rest[..length], rest[(length + CounterLength)..], [], payload))
        {
            return Refusals.WrongKey;
        }

        var outcome = _counter.Accept(number, content, advertisement.HeardAt);
        return outcome.Status == DecodeStatus.Decoded ? Read(payload, default, advertisement, values) : outcome;
    }

    /// <param name="payload">The objects.</param>
    /// <param name="plain">All bytes of a plain one: a press without a packet id is one press as long as the same bytes keep coming. Empty: the counter has told copies already.</param>
    /// <param name="advertisement">When it was heard.</param>
    /// <param name="values">Receives the values.</param>
    private DecodeOutcome Read(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> plain, Advertisement advertisement, DecodedValues values)
    {
        BtHomePayload.Read(payload, values, out var packetId, out var hasEvent);
        if (packetId is { } id ? _packets.IsRepeated(id, advertisement.HeardAt) : hasEvent && !plain.IsEmpty && IsSameEvent(plain, advertisement.HeardAt))
        {
            values.Clear();
            return DecodeOutcome.Repeated;
        }

        return DecodeOutcome.Decoded;
    }

    private bool IsSameEvent(ReadOnlySpan<byte> plain, long heardAt)
    {
        var last = _lastEvent.HeardAt;
        return _lastEvent.IsRepeated(plain, heardAt) && time.GetElapsedTime(last, heardAt) <= PacketIds.Window;
    }
}
