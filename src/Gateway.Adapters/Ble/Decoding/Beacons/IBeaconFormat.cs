using Gateway.Adapters.Heard;
using Gateway.Adapters.Payloads;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>Apple's iBeacon: manufacturer data of 0x004C, type 02, length 15, then UUID, major, minor and the power at one metre.</summary>
internal sealed class IBeaconFormat : IBleFormat, IBleDecoder
{
    private const ushort Company = 0x004C;
    private const int Length = 23;

    private static readonly BleField s_uuid = new("uuid");
    private static readonly BleField s_major = new("major");
    private static readonly BleField s_minor = new("minor");

    public string Name => "ibeacon";

    public string Meaning => "iBeacon: UUID, major and minor.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => TryFind(advertisement, out _);

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => this;

    public DecodeOutcome Decode(Advertisement advertisement, DecodedValues values)
    {
        values.Clear();
        if (!TryFind(advertisement, out var data))
        {
            return DecodeOutcome.NotMine;
        }

        s_uuid.Add(values, new Guid(data.Slice(2, 16), bigEndian: true).ToString());
        s_major.Add(values, ReadUInt16BigEndian(data[18..]));
        s_minor.Add(values, ReadUInt16BigEndian(data[20..]));
        BleFields.MeasuredPower.Add(values, (sbyte)data[22]);
        return DecodeOutcome.Decoded;
    }

    /// <summary>Govee's thermometers send one too, with the text INTELLI_ROCKS_HW for UUID: it says nothing.</summary>
    private static bool TryFind(Advertisement advertisement, out ReadOnlySpan<byte> data) =>
        advertisement.TryManufacturer(Company, out data) && data.Length >= Length && data[0] == 0x02 && data[1] == 0x15 && !data[2..].StartsWith("INTELLI_ROCKS_HW"u8);
}
