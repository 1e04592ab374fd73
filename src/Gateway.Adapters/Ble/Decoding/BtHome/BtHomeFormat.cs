using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>BTHome v2: Shelly BLU, pvvx and b-parasite firmware, and whatever people build themselves. Service data of 0xFCD2 (bthome.io/format).</summary>
internal sealed class BtHomeFormat : IBleFormat
{
    internal static readonly Guid Service = BleUuid.Of(0xFCD2);

    public string Name => "bthome";

    public string Meaning => "BTHome v2, plain or encrypted: Shelly BLU, ATC/pvvx firmware, b-parasite, self-made sensors.";

    public IReadOnlyList<int> KeyLengths { get; } = [TaggedCipher.KeyLength];

    public bool Recognises(Advertisement advertisement) => advertisement.TryService(Service, out var data) && data.Length > 0 && BtHomeInfo.Version(data[0]) == BtHomeInfo.Known;

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new BtHomeDecoder(key, time, counter);
}
