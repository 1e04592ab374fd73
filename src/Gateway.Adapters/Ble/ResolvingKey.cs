using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Gateway.Adapters.Ble;

/// <summary>The identity resolving key (IRK) of a device whose address changes every few minutes: it tells which of these addresses are the device's (Core 5.4 Vol 3 Part H §2.2.2, Vol 6 Part B §1.3.2.3).</summary>
public sealed class ResolvingKey : IDisposable
{
    /// <summary>Bytes of a key.</summary>
    public const int Length = 16;

    private readonly Aes _aes = Aes.Create();
    private readonly Lock _lock = new();

    /// <param name="key">As the specification writes it, most significant byte first. Some tools show it the other way round.</param>
    /// <exception cref="ArgumentException">Not 16 bytes.</exception>
    public ResolvingKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != Length)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"an identity resolving key has {Length} bytes"), nameof(key));
        }

        _aes.SetKey(key);
    }

    /// <summary>Reads 32 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ResolvingKey? key)
    {
        Span<byte> bytes = stackalloc byte[Length];
        key = text?.Length == 2 * Length && Convert.FromHexString(text, bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == Length ? new(bytes) : null;
        return key is not null;
    }

    /// <summary>Whether it can be such an address at all: the two most significant bits are 01.</summary>
    public static bool IsResolvable(BleAddress address) => address.Value >> 46 == 0b01;

    /// <summary>Whether the address is one of this device's.</summary>
    /// <param name="address">A random one.</param>
    public bool Matches(BleAddress address) => IsResolvable(address) && Hash((uint)(address.Value >> 24)) == (uint)(address.Value & 0xFF_FFFF);

    /// <summary>An address of this device.</summary>
    /// <param name="random">24 bits; the two most significant ones are set to 01.</param>
    public BleAddress Make(uint random)
    {
        var prand = (random & 0x3F_FFFF) | 0x40_0000;
        return new(((ulong)prand << 24) | Hash(prand));
    }

    public void Dispose() => _aes.Dispose();

    /// <summary>The random address hash function ah: 24 bits of AES over 104 zeros and the 24 bits.</summary>
    internal uint Hash(uint prand)
    {
        Span<byte> block = stackalloc byte[16];
        block.Clear();
        (block[13], block[14], block[15]) = ((byte)(prand >> 16), (byte)(prand >> 8), (byte)prand);
        Span<byte> encrypted = stackalloc byte[16];
        lock (_lock)
        {
            _aes.EncryptEcb(block, encrypted, PaddingMode.None);
        }

        return (uint)((encrypted[13] << 16) | (encrypted[14] << 8) | encrypted[15]);
    }
}
