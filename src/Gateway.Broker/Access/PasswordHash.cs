using System.Security.Cryptography;
using System.Text;

namespace Gateway.Broker;

/// <summary>A password as mosquitto_passwd writes it: <c>$7$iterations$salt$hash</c> (PBKDF2-SHA512) or <c>$6$salt$hash</c> (SHA512 of password and salt); base64.</summary>
public sealed class PasswordHash
{
    private const int HashBytes = 64;

    /// <summary>Of <c>$6$</c>, which is not PBKDF2.</summary>
    private const int NoIterations = 0;

    /// <summary>Mosquitto's own default; what a user that does not exist is checked against.</summary>
    private const int DefaultIterations = 101;

    /// <summary>A second of a Pi's time: more would let anybody who can connect keep it busy.</summary>
    private const int MaximumIterations = 1_000_000;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>Matches nothing, and takes as long as one that might: answers do not tell which users exist.</summary>
    internal static readonly PasswordHash Nobody = new(DefaultIterations, RandomNumberGenerator.GetBytes(12), RandomNumberGenerator.GetBytes(HashBytes));

    internal static bool TryParse(string text, out PasswordHash hash)
    {
        hash = Nobody;
        var parts = text.Split('$');
        var iterations = NoIterations;
        if (parts is not (["", "6", _, _] or ["", "7", _, _, _])
            || (parts[1] == "7" && (!int.TryParse(parts[2], out iterations) || iterations is < 1 or > MaximumIterations))
            || !TryBase64(parts[^2], out var salt)
            || !TryBase64(parts[^1], out var bytes)
            || bytes.Length != HashBytes
            || salt.Length == 0)
        {
            return false;
        }

        hash = new PasswordHash(iterations, salt, bytes);
        return true;
    }

    /// <summary>Hashes a new password in the <c>$7$</c> format.</summary>
    public static string Create(ReadOnlySpan<byte> password)
    {
        var salt = RandomNumberGenerator.GetBytes(12);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, DefaultIterations, HashAlgorithmName.SHA512, HashBytes);
        return $"$7${DefaultIterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}";
    }

    /// <summary>Whether both were made of the same password at the same time: a password that is set again counts as changed.</summary>
    internal bool IsSame(PasswordHash other) => _iterations == other._iterations && _salt.AsSpan().SequenceEqual(other._salt) && _hash.AsSpan().SequenceEqual(other._hash);

    /// <summary>In constant time.</summary>
    internal bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> actual = stackalloc byte[HashBytes];
        if (_iterations == NoIterations)
        {
            SHA512.HashData([.. password, .. _salt], actual);
        }
        else
        {
            Rfc2898DeriveBytes.Pbkdf2(password, _salt, actual, _iterations, HashAlgorithmName.SHA512);
        }

        return CryptographicOperations.FixedTimeEquals(actual, _hash);
    }

    private static bool TryBase64(string text, out byte[] bytes)
    {
        bytes = new byte[Encoding.ASCII.GetMaxByteCount(text.Length)];
        var valid = Convert.TryFromBase64String(text, bytes, out var length);
        bytes = bytes[..length];
        return valid;
    }
}
