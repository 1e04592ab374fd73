using Gateway.Adapters.Heard;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>SwitchBot's thermometers: service data of 0xFD3D (older ones 0x0D00) with model and battery, manufacturer data of 0x0969 with the readings (github.com/OpenWonderLabs/SwitchBotAPI-BLE).</summary>
internal sealed class SwitchBotFormat : IBleFormat
{
    internal const ushort Company = 0x0969;

    private static readonly Guid s_service = BleUuid.Of(0xFD3D);
    private static readonly Guid s_oldService = BleUuid.Of(0x0D00);

    public string Name => "switchbot";

    public string Meaning => "SwitchBot thermometers: Meter, Meter Plus, Indoor/Outdoor Meter, Meter Pro and Meter Pro CO2.";

    public IReadOnlyList<int> KeyLengths => [];

    public bool Recognises(Advertisement advertisement) => TryService(advertisement, out _);

    public IBleDecoder Create(ReadOnlyMemory<byte>? key, TimeProvider time, IMessageCounter? counter = null) => new SwitchBotDecoder();

    /// <summary>The service data, if it is that of a thermometer.</summary>
    internal static bool TryService(Advertisement advertisement, out ReadOnlySpan<byte> data) =>
        (advertisement.TryService(s_service, out data) || advertisement.TryService(s_oldService, out data)) && data.Length >= 3 && SwitchBotModel.IsMeter(data[0]);
}
