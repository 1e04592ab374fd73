using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Thermometers of Xiaomi with the firmware of ATC1441 or pvvx, in their own formats: service data of 0x181A, the layout told by its length (github.com/pvvx/ATC_MiThermometer).</summary>
internal sealed class AtcFormat : IBleFormat
{
    internal static readonly Guid Service = BleUuid.Of(0x181A);

    public string Name => "atc";

    public string Meaning => "Xiaomi thermometers with ATC or pvvx firmware in the `atc1441` and `custom` formats, plain or encrypted.";

    public IReadOnlyList<int> KeyLengths { get; } = [TaggedCipher.KeyLength];

    public bool Recognises(Advertisement advertisement) =>
        advertisement.TryService(Service, out var data) && (AtcDecoder.IsEncrypted(data.Length) || AtcDecoder.IsFrom(advertisement.Address, data));

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new AtcDecoder(key, time);
}
