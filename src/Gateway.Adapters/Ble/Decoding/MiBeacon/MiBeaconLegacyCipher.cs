using System.Security.Cryptography;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>The encryption of MiBeacon 2 and 3: AES-CCM without its tag, that is counter mode. Nothing shows whether the key is right but whether objects come out.</summary>
internal sealed class MiBeaconLegacyCipher : IDisposable
{
    /// <summary>Four more bytes are the same in all devices.</summary>
    public const int KeyLength = 12;

    /// <summary>Behind the ciphertext: three bytes of the nonce and one more.</summary>
    public const int TailLength = 4;

    private const int NonceLength = 13;
    private const int BlockLength = 16;

    private readonly Aes _aes = Aes.Create();

    public MiBeaconLegacyCipher(ReadOnlySpan<byte> key)
    {
        Span<byte> whole = stackalloc byte[BlockLength];
        key[..6].CopyTo(whole);
        ((ReadOnlySpan<byte>)[0x8D, 0x3D, 0x3C, 0x97]).CopyTo(whole[6..]);
        key[6..].CopyTo(whole[10..]);
        _aes.SetKey(whole);
    }

    /// <summary>Nonce: header, the three bytes behind the ciphertext, the address backwards without its last byte.</summary>
    /// <param name="header">Five bytes: frame control, product, frame counter.</param>
    /// <param name="tail">At least three bytes.</param>
    /// <param name="address">Six bytes, least significant first.</param>
    /// <param name="bytes">Ciphertext before, plaintext after.</param>
    public void Open(ReadOnlySpan<byte> header, ReadOnlySpan<byte> tail, ReadOnlySpan<byte> address, Span<byte> bytes)
    {
        // RFC 3610 §2.3: A_i is one byte of flags (L - 1), the nonce, and i in two bytes; the first block of the message is A_1.
        Span<byte> block = stackalloc byte[BlockLength];
        Span<byte> stream = stackalloc byte[BlockLength];
        block[0] = 0x01;
        header.CopyTo(block[1..]);
        tail[..3].CopyTo(block[6..]);
        address[..5].CopyTo(block[9..]);
        for (var (at, i) = (0, 1); at < bytes.Length; at += BlockLength, i++)
        {
            (block[1 + NonceLength], block[2 + NonceLength]) = ((byte)(i >> 8), (byte)i);
            _aes.EncryptEcb(block, stream, PaddingMode.None);
            for (var j = 0; j < BlockLength && at + j < bytes.Length; j++)
            {
                bytes[at + j] ^= stream[j];
            }
        }
    }

    public void Dispose() => _aes.Dispose();
}
