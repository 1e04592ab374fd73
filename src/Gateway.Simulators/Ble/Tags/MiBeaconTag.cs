using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;

namespace Gateway.Simulators;

/// <summary>A Xiaomi thermometer as it comes: MiBeacon version 3 in the clear, version 5 with a bind key; object 0x100D, temperature and humidity.</summary>
/// <param name="key">16 bytes; null: in the clear.</param>
internal sealed class MiBeaconTag(byte[]? key) : ITagFormat
{
    private const ushort Service = 0xFE95;
    private const ushort PlainControl = 0x3050;
    private const ushort EncryptedControl = 0x5858;
    private const ushort Product = 0x055B;
    private const int TagLength = 4;

    private static readonly byte[] s_associated = [0x11];

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var header = new byte[5 + BleAddress.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(header, key is null ? PlainControl : EncryptedControl);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), Product);
        header[4] = (byte)counter;
        sender.CopyTo(header.AsSpan(5));
        header.AsSpan(5).Reverse();
        var said = new byte[7];
        (said[0], said[1], said[2]) = (0x0D, 0x10, 4);
        BinaryPrimitives.WriteInt16LittleEndian(said.AsSpan(3), (short)(Climate.Temperature(elapsed) * 10));
        BinaryPrimitives.WriteUInt16LittleEndian(said.AsSpan(5), (ushort)(Climate.Humidity(elapsed) * 10));
        report.Service(Service, key is null ? [.. header, .. said] : [.. header, .. Encrypt(key, header, said, counter)]);
    }

    /// <summary>Nonce: address backwards, product and frame counter, the upper three bytes of the counter.</summary>
    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> header, ReadOnlySpan<byte> said, uint counter)
    {
        byte[] upper = [(byte)(counter >> 8), (byte)(counter >> 16), (byte)(counter >> 24)];
        byte[] nonce = [.. header[5..], .. header[2..5], .. upper];
        var (text, tag) = (new byte[said.Length], new byte[TagLength]);
        using var ccm = new AesCcm(key);
        ccm.Encrypt(nonce, said, text, tag, s_associated);
        return [.. text, .. upper, .. tag];
    }
}
