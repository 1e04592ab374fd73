using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;

namespace Gateway.Adapters.Ble.Decoding;

internal sealed class MiBeaconDecoder : IBleDecoder
{
    private const int CounterLength = 3;
    private const int LongestPayload = 256;

    private static readonly byte[] s_associated = [0x11];

    private static readonly DecodeOutcome s_needsLongKey = DecodeOutcome.Refused("encrypted as MiBeacon 4 or 5, and the configured key is one for 2 and 3", "set `key` to the bindkey of 16 bytes (32 hexadecimal digits)");
    private static readonly DecodeOutcome s_needsShortKey = DecodeOutcome.Refused("encrypted as MiBeacon 2 or 3, and the configured key is one for 4 and 5", "set `key` to the beacon key of 12 bytes (24 hexadecimal digits)");

    private readonly TaggedCipher? _cipher;
    private readonly MiBeaconLegacyCipher? _legacy;
    private readonly EncryptionCounter _counter;
    private readonly LastContent _last = new();

    public MiBeaconDecoder(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null)
    {
        _counter = new(time, counter);
        if (key is { Length: MiBeaconLegacyCipher.KeyLength } shorter)
        {
            _legacy = new(shorter.Span);
        }
        else if (key is { } bytes)
        {
            _cipher = new(bytes.Span);
        }
    }

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!advertisement.TryService(MiBeaconFormat.Service, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        var fault = MiBeaconFrame.TryRead(data, out var frame);
        if (fault != MiBeaconFault.None)
        {
            return fault == MiBeaconFault.TooShort ? Refusals.TooShort : DecodeOutcome.NotMine;
        }

        // As it stands in nonces: least significant byte first.
        Span<byte> address = stackalloc byte[BleAddress.Length];
        advertisement.Address.CopyTo(address);
        address.Reverse();
        if (!frame.HasObjects || (!frame.Address.IsEmpty && !frame.Address.SequenceEqual(address)))
        {
            return DecodeOutcome.NotMine;
        }

        return (frame.IsEncrypted, frame.Version >= 4) switch
        {
            (false, _) => _cipher is null && _legacy is null ? ReadPlain(frame, advertisement, values) : Refusals.InTheClear,
            (true, _) when _cipher is null && _legacy is null => Refusals.NoKey,
            (true, true) => _cipher is null ? s_needsLongKey : ReadEncrypted(frame, address, advertisement, values),
            (true, false) => _legacy is null ? s_needsShortKey : ReadLegacy(frame, address, advertisement, values),
        };
    }

    private DecodeOutcome ReadPlain(in MiBeaconFrame frame, Advertisement advertisement, DecodedValues values)
    {
        // The frame counter is part of the bytes: the same ones are the same message.
        if (_last.IsRepeated(frame.Data, advertisement.HeardAt))
        {
            return DecodeOutcome.Repeated;
        }

        return Read(frame, frame.Rest, values) ? DecodeOutcome.Decoded : Told(values, Refusals.TooShort);
    }

    /// <summary>Nonce: address backwards, product and frame counter, extended counter. Both counters together are one of 32 bits that grows.</summary>
    private DecodeOutcome ReadEncrypted(in MiBeaconFrame frame, ReadOnlySpan<byte> address, Advertisement advertisement, DecodedValues values)
    {
        var length = frame.Rest.Length - CounterLength - TaggedCipher.TagLength;
        if (length is < 3 or > LongestPayload)
        {
            return Refusals.TooShort;
        }

        var extended = frame.Rest.Slice(length, CounterLength);
        var counter = ((uint)extended[2] << 24) | ((uint)extended[1] << 16) | ((uint)extended[0] << 8) | frame.Counter;
        var content = LastContent.Of(frame.Data);
        if (_counter.IsRepeated(counter, content))
        {
            return DecodeOutcome.Repeated;
        }

        Span<byte> nonce = stackalloc byte[12];
        address.CopyTo(nonce);
        frame.ProductAndCounter.CopyTo(nonce[6..]);
        extended.CopyTo(nonce[9..]);
        Span<byte> payload = stackalloc byte[length];
        if (!_cipher!.TryOpen(nonce, frame.Rest[..length], frame.Rest[(length + CounterLength)..], s_associated, payload))
        {
            return Refusals.WrongKey;
        }

        var outcome = _counter.Accept(counter, content, advertisement.HeardAt);
        if (outcome.Status != DecodeStatus.Decoded)
        {
            return outcome;
        }

        return Read(frame, payload, values) ? outcome : Told(values, Refusals.TooShort);
    }

    private DecodeOutcome ReadLegacy(in MiBeaconFrame frame, ReadOnlySpan<byte> address, Advertisement advertisement, DecodedValues values)
    {
        var length = frame.Rest.Length - MiBeaconLegacyCipher.TailLength;
        if (length is < 3 or > LongestPayload)
        {
            return Refusals.TooShort;
        }

        if (_last.IsRepeated(frame.Data, advertisement.HeardAt))
        {
            return DecodeOutcome.Repeated;
        }

        Span<byte> payload = stackalloc byte[length];
        frame.Rest[..length].CopyTo(payload);
        _legacy!.Open(frame.Header, frame.Rest[length..], address, payload);

        // There is no tag; a wrong key gives bytes that are no objects.
        if (!MiBeaconPayload.IsWhole(payload) || !Read(frame, payload, values))
        {
            values.Clear();
            return Refusals.WrongKey;
        }

        return DecodeOutcome.Decoded;
    }

    private static bool Read(in MiBeaconFrame frame, ReadOnlySpan<byte> payload, DecodedValues values) => MiBeaconPayload.Read(payload, frame.Product, values);

    /// <summary>What came whole counts; of what says nothing, the reason why.</summary>
    private static DecodeOutcome Told(DecodedValues values, DecodeOutcome otherwise) => values.Count > 0 ? DecodeOutcome.Decoded : otherwise;
}
