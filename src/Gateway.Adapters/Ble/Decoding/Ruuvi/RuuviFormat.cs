using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>RuuviTag and Ruuvi Air: manufacturer data of 0x0499, in data formats 3, 5, 6 and E1 (docs.ruuvi.com, Bluetooth advertisements).</summary>
internal sealed class RuuviFormat : IBleFormat
{
    internal const ushort Company = 0x0499;

    public string Name => "ruuvi";

    public string Meaning => "RuuviTag (data formats 3 and 5) and Ruuvi Air (6 and E1).";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => advertisement.TryManufacturer(Company, out var data) && data.Length > 0 && RuuviDecoder.LengthOf(data[0]) != int.MaxValue;

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new RuuviDecoder();
}
