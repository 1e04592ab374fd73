using System.Buffers.Binary;
using System.Security.Cryptography;
using Gateway.Adapters.Ble;

namespace Gateway.Tests.Adapters.Ble.Decoding;

/// <summary>Makes encrypted messages as sensors do.</summary>
internal static class SealedMessage
{
    /// <summary>Service data of BTHome v2.</summary>
    public static string BtHome(string key, string address, uint counter, string payload, byte info = 0x41)
    {
        var nonce = new byte[13];
        Address(address).CopyTo(nonce, 0);
        (nonce[6], nonce[7], nonce[8]) = (0xD2, 0xFC, info);
        BinaryPrimitives.WriteUInt32LittleEndian(nonce.AsSpan(9), counter);
        var (cipher, tag) = Seal(key, nonce, payload, []);
        return $"{info:x2}{cipher}{Convert.ToHexStringLower(nonce.AsSpan(9))}{tag}";
    }

    /// <summary>Service data of MiBeacon 5, with the address left out.</summary>
    public static string MiBeacon(string key, string address, ushort product, uint counter, string payload)
    {
        var header = new byte[5];
        BinaryPrimitives.WriteUInt16LittleEndian(header, 0x5848);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), product);
        header[4] = (byte)counter;
        byte[] extended = [(byte)(counter >> 8), (byte)(counter >> 16), (byte)(counter >> 24)];
        byte[] nonce = [.. Address(address).Reverse(), .. header[2..], .. extended];
        var (cipher, tag) = Seal(key, nonce, payload, [0x11]);
        return $"{Convert.ToHexStringLower(header)}{cipher}{Convert.ToHexStringLower(extended)}{tag}";
    }

    /// <summary>Service data of the formats of pvvx: six bytes make the custom one, three that of ATC1441.</summary>
    public static string Pvvx(string key, string address, byte counter, string payload)
    {
        byte[] nonce = [.. Address(address).Reverse(), (byte)((payload.Length / 2) + 5 + 3), 0x16, 0x1A, 0x18, counter];
        var (cipher, tag) = Seal(key, nonce, payload, [0x11]);
        return $"{counter:x2}{cipher}{tag}";
    }

    private static byte[] Address(string text)
    {
        Assert.True(BleAddress.TryParse(text, out var address));
        var bytes = new byte[BleAddress.Length];
        address.CopyTo(bytes);
        return bytes;
    }

    private static (string Cipher, string Tag) Seal(string key, byte[] nonce, string payload, byte[] associated)
    {
        using var ccm = new AesCcm(Convert.FromHexString(key));
        var plain = Convert.FromHexString(payload);
        var (cipher, tag) = (new byte[plain.Length], new byte[4]);
        ccm.Encrypt(nonce, plain, cipher, tag, associated);
        return (Convert.ToHexStringLower(cipher), Convert.ToHexStringLower(tag));
    }
}
