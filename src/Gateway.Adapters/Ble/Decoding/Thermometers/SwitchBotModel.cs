namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The model is a letter, the first byte of the service data; its top bit says something else.</summary>
internal static class SwitchBotModel
{
    public const byte MeterProCo2 = (byte)'5';

    public static byte Of(byte first) => (byte)(first & 0x7F);

    public static bool IsMeter(byte first) => Of(first) is (byte)'T' or (byte)'i' or (byte)'w' or (byte)'4' or MeterProCo2;
}
