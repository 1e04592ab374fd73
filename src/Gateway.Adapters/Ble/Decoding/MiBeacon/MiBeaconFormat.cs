using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Xiaomi's MiBeacon, versions 2 to 5: service data of 0xFE95 (iot.mi.com, BLE object definition).</summary>
internal sealed class MiBeaconFormat : IBleFormat
{
    internal static readonly Guid Service = BleUuid.Of(0xFE95);

    public string Name => "mibeacon";

    public string Meaning => "Xiaomi, Mijia, Qingping, Linptech: MiBeacon versions 2 to 5, plain or with a bindkey.";

    /// <summary>Versions 4 and 5; versions 2 and 3.</summary>
    public IReadOnlyList<int> KeyLengths { get; } = [TaggedCipher.KeyLength, MiBeaconLegacyCipher.KeyLength];

    public bool Recognises(Advertisement advertisement) => advertisement.TryService(Service, out var data) && MiBeaconFrame.TryRead(data, out _) == MiBeaconFault.None;

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new MiBeaconDecoder(key, time, counter);
}
