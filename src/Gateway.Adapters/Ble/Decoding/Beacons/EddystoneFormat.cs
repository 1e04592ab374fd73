using System.Globalization;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Google's Eddystone: service data of 0xFEAA, the frame told by its first byte (github.com/google/eddystone, protocol specification).</summary>
internal sealed class EddystoneFormat : IBleFormat, IBleDecoder
{
    private const byte Uid = 0x00;
    private const byte Url = 0x10;
    private const byte Telemetry = 0x20;
    private const byte EphemeralId = 0x30;

    private static readonly Guid s_service = BleUuid.Of(0xFEAA);

    private static readonly BleField s_advertisements = new("advertisement-count");
    private static readonly BleField s_ephemeralId = new("ephemeral-id");
    private static readonly BleField s_instance = new("instance");
    private static readonly BleField s_namespace = new("namespace");
    private static readonly BleField s_uptime = new("uptime", "s");
    private static readonly BleField s_url = new("url");

    public string Name => "eddystone";

    public string Meaning => "Eddystone UID, URL, plain telemetry (TLM) and ephemeral ids.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => advertisement.TryService(s_service, out var data) && data.Length > 0 && data[0] is Uid or Url or Telemetry or EphemeralId;

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => this;

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!advertisement.TryService(s_service, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        return data.Length == 0 ? Refusals.TooShort : data[0] switch
        {
            Uid => ReadUid(data, values),
            Url => ReadUrl(data, values),
            Telemetry => ReadTelemetry(data, values),
            EphemeralId => ReadEphemeralId(data, values),
            _ => DecodeOutcome.Refused(string.Create(CultureInfo.InvariantCulture, $"Eddystone frame 0x{data[0]:X2} is not known")),
        };
    }

    /// <summary>Ten bytes of namespace, six of instance; two reserved ones may follow.</summary>
    private static DecodeOutcome ReadUid(ReadOnlySpan<byte> data, DecodedValues values)
    {
        if (data.Length < 18)
        {
            return Refusals.TooShort;
        }

        s_namespace.Add(values, Convert.ToHexStringLower(data.Slice(2, 10)));
        s_instance.Add(values, Convert.ToHexStringLower(data.Slice(12, 6)));
        BleFields.TxPower.Add(values, (sbyte)data[1]);
        return DecodeOutcome.Decoded;
    }

    private static DecodeOutcome ReadUrl(ReadOnlySpan<byte> data, DecodedValues values)
    {
        if (data.Length < 3)
        {
            return Refusals.TooShort;
        }

        if (EddystoneUrl.Expand(data[2..]) is { } url)
        {
            s_url.Add(values, url);
        }
        else
        {
            s_url.AddBad(values, "not a URL");
        }

        BleFields.TxPower.Add(values, (sbyte)data[1]);
        return DecodeOutcome.Decoded;
    }

    /// <summary>0 mV and -128 °C say that it does not measure them.</summary>
    private static DecodeOutcome ReadTelemetry(ReadOnlySpan<byte> data, DecodedValues values)
    {
        if (data.Length < 2)
        {
            return Refusals.TooShort;
        }

        if (data[1] != 0)
        {
            return DecodeOutcome.Refused("encrypted telemetry (eTLM), which only the service that holds its identity key can read");
        }

        if (data.Length < 14)
        {
            return Refusals.TooShort;
        }

        var voltage = ReadUInt16BigEndian(data[2..]);
        BleFields.Voltage.AddUnless(voltage == 0, values, voltage * 0.001m);
        var temperature = ReadInt16BigEndian(data[4..]);
        BleFields.Temperature.AddUnless(temperature == short.MinValue, values, temperature / 256m);
        s_advertisements.Add(values, ReadUInt32BigEndian(data[6..]));
        s_uptime.Add(values, ReadUInt32BigEndian(data[10..]) * 0.1m);
        return DecodeOutcome.Decoded;
    }

    private static DecodeOutcome ReadEphemeralId(ReadOnlySpan<byte> data, DecodedValues values)
    {
        if (data.Length < 10)
        {
            return Refusals.TooShort;
        }

        s_ephemeralId.Add(values, Convert.ToHexStringLower(data.Slice(2, 8)));
        BleFields.TxPower.Add(values, (sbyte)data[1]);
        return DecodeOutcome.Decoded;
    }
}
