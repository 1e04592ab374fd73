using Gateway.Adapters.Ble;
using Gateway.Adapters.Ble.Decoding;
using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using Gateway.Tests.Support;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>A decoder, its clock, and what it said last.</summary>
internal sealed class DecoderHarness(string format, string? key = null, string address = "54:48:E6:8F:80:A5")
{
    private readonly BleAddress _address = BleAddress.TryParse(address, out var parsed) ? parsed : throw new ArgumentException(address);
    private IBleDecoder? _decoder;

    public FakeTime Time { get; init; } = new();

    /// <summary>Keeps its counter; null: nobody does.</summary>
    public IMessageCounter? Counter { get; init; }

    public DecodedValues Values { get; } = new();

    public DecodeOutcome Last { get; private set; }

    /// <summary>Hears service data.</summary>
    /// <returns>The values, or the outcome in lower case.</returns>
    public string Hear(ushort service, string hex) => Hear(new Advertisement(_address, Time.GetTimestamp()) { Services = [new(BleUuid.Of(service), Convert.FromHexString(hex))] });

    public string Hear(Advertisement advertisement)
    {
        _decoder ??= BleFormats.Find(format)!.Create(key is null ? default(ReadOnlyMemory<byte>?) : Convert.FromHexString(key), Time, Counter);
        Last = _decoder.Decode(advertisement, Values);
        return Last.Status == DecodeStatus.Decoded ? AdvertisementVectors.Write(Values) : Last.Status.ToString().ToLowerInvariant();
    }
}
