using System.Security.Cryptography;

namespace Gateway.Adapters.Lora;

/// <summary>AES-128-CCM (RFC 3610, NIST SP 800-38C) of one node's frames: 8 bytes of tag, the header is the beginning of the nonce and is authenticated with the payload.</summary>
/// <remarks>Node, counter and the flag of the direction are in the header, so no nonce comes twice as long as no counter does. See <c>docs/lora-frame.md</c>.</remarks>
internal sealed class NodeCipher : IDisposable
{
    public const int KeyLength = 16;
    public const int TagLength = 8;

    private const int NonceLength = 13;

    private readonly AesCcm _cipher;

    /// <param name="key">16 bytes.</param>
    public NodeCipher(ReadOnlySpan<byte> key) => _cipher = new(key);

    /// <summary>The frame with its payload encrypted.</summary>
    public NodeFrame Encrypt(NodeFrame frame)
    {
        frame = frame with { IsEncrypted = true };
        var sealedPayload = new byte[frame.Payload.Length + TagLength];
        Span<byte> nonce = stackalloc byte[NonceLength];
        var header = Nonce(frame, nonce);
        _cipher.Encrypt(nonce, frame.Payload.Span, sealedPayload.AsSpan(0, frame.Payload.Length), sealedPayload.AsSpan(frame.Payload.Length), header);
        return frame with { Payload = sealedPayload };
    }

    /// <summary>The frame with its payload in the clear.</summary>
    /// <returns>false: it was made with another key, or changed on its way.</returns>
    public bool TryDecrypt(in NodeFrame frame, out NodeFrame clear)
    {
        clear = frame;
        if (!frame.IsEncrypted || frame.Payload.Length < TagLength)
        {
            return false;
        }

        var payload = new byte[frame.Payload.Length - TagLength];
        Span<byte> nonce = stackalloc byte[NonceLength];
        var header = Nonce(frame, nonce);
        try
        {
            _cipher.Decrypt(nonce, frame.Payload.Span[..payload.Length], frame.Payload.Span[payload.Length..], payload, header);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        clear = frame with { Payload = payload, IsEncrypted = false };
        return true;
    }

    public void Dispose() => _cipher.Dispose();

    /// <returns>The header, which is the nonce's beginning; zeros follow.</returns>
    private static ReadOnlySpan<byte> Nonce(in NodeFrame frame, Span<byte> nonce)
    {
        nonce.Clear();
        frame.WriteHeader(nonce);
        return nonce[..NodeFrame.Header];
    }
}
