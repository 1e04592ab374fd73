using System.Security.Cryptography;

namespace Gateway.Adapters.Ble.Decoding;

/// <summary>AES-128-CCM with a tag of four bytes, as all sensors of these formats use it (RFC 3610, M=4, L=2).</summary>
/// <remarks>Lives as long as its device; what it holds of the system is given back by its finalizer.</remarks>
internal sealed class TaggedCipher(ReadOnlySpan<byte> key)
{
    public const int KeyLength = 16;
    public const int TagLength = 4;

    private readonly AesCcm _ccm = new(key);

    /// <param name="nonce">7 to 13 bytes, never the same twice with a key.</param>
    /// <param name="ciphertext">Any length.</param>
    /// <param name="tag">Four bytes.</param>
    /// <param name="associated">Under the tag too, though not encrypted.</param>
    /// <param name="plaintext">As long as the ciphertext; zeros if the tag is wrong.</param>
    public bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ciphertext, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated, Span<byte> plaintext)
    {
        try
        {
            _ccm.Decrypt(nonce, ciphertext, tag, plaintext, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
