using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Adapters.Ble;

namespace Gateway.Simulators;

/// <summary>A Xiaomi thermometer with pvvx firmware, its <c>custom</c> format (github.com/pvvx/ATC_MiThermometer).</summary>
/// <param name="key">16 bytes; null: in the clear.</param>
internal sealed class AtcTag(byte[]? key) : ITagFormat
{
    private const ushort Service = 0x181A;
    private const int TagLength = 4;

    /// <summary>10 s: its counter has one byte, so a measurement a second would come round too soon.</summary>
    private static readonly TimeSpan s_measures = TimeSpan.FromSeconds(10);

    private static readonly byte[] s_associated = [0x11];

    public void Say(JsonObject report, BleAddress sender, TimeSpan elapsed, uint counter)
    {
        var measurement = (byte)(elapsed / s_measures);
        var at = s_measures * Math.Floor(elapsed / s_measures);
        Span<byte> values = stackalloc byte[5];
        BinaryPrimitives.WriteInt16LittleEndian(values, (short)(Climate.Temperature(at) * 100));
        BinaryPrimitives.WriteUInt16LittleEndian(values[2..], (ushort)(Climate.Humidity(at) * 100));
        values[4] = (byte)Climate.Battery(at);
        report.Service(Service, key is null ? Plain(sender, values, measurement) : Encrypted(key, sender, values, measurement));
    }

    private static byte[] Plain(BleAddress sender, ReadOnlySpan<byte> values, byte measurement)
    {
        var data = new byte[15];
        sender.CopyTo(data);
        data.AsSpan(0, BleAddress.Length).Reverse();
        values[..4].CopyTo(data.AsSpan(6));
        BinaryPrimitives.WriteUInt16LittleEndian(data.AsSpan(10), 2950);
        (data[12], data[13]) = (values[4], measurement);
        return data;
    }

    private static byte[] Encrypted(byte[] key, BleAddress sender, ReadOnlySpan<byte> values, byte measurement)
    {
        byte[] payload = [.. values, 0];
        var data = new byte[1 + payload.Length + TagLength];
        data[0] = measurement;
        var nonce = new byte[11];
        sender.CopyTo(nonce);
        nonce.AsSpan(0, BleAddress.Length).Reverse();
        (nonce[6], nonce[7], nonce[8], nonce[9], nonce[10]) = ((byte)(data.Length + 3), 0x16, 0x1A, 0x18, measurement);
        using var ccm = new AesCcm(key);
        ccm.Encrypt(nonce, payload, data.AsSpan(1, payload.Length), data.AsSpan(1 + payload.Length), s_associated);
        return data;
    }
}
