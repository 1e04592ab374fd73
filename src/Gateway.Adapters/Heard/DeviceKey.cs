using Gateway.Configuration;

namespace Gateway.Adapters.Heard;

/// <summary>A key in hexadecimal digits that is kept somewhere: read when it is needed, and again while it cannot be.</summary>
/// <param name="secret">Where it is kept.</param>
/// <param name="what">For people (<c>the key</c>).</param>
/// <param name="time">The clock.</param>
internal sealed class DeviceKey(Secret secret, string what, TimeProvider time)
{
    /// <summary>A file that somebody is about to correct is looked at now and then, not with every advertisement.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    private byte[]? _bytes;
    private (string Reason, string Remedy)? _problem;
    private long _triedAt;

    /// <param name="lengths">How many bytes it may have.</param>
    /// <param name="bytes">The key.</param>
    /// <param name="reason">Why there is none.</param>
    /// <param name="remedy">What to do about it.</param>
    public bool TryGet(IReadOnlyList<int> lengths, out ReadOnlyMemory<byte> bytes, out string reason, out string remedy)
    {
        if (_bytes is null && (_problem is null || time.GetElapsedTime(_triedAt) >= s_pause))
        {
            Read(lengths);
        }

        bytes = _bytes;
        (reason, remedy) = _problem ?? ("", "");
        return _bytes is not null;
    }

    private void Read(IReadOnlyList<int> lengths)
    {
        _triedAt = time.GetTimestamp();
        _problem = null;
        if (secret.TryRead(out var problem) is not { } text)
        {
            _problem = ($"{what} cannot be read: {problem}", "correct where it is kept, or the file's rights");
            return;
        }

        var digits = text.Trim().Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var wanted = string.Join(" or ", lengths.Select(l => l * 2));
        if (digits.Length % 2 != 0 || !lengths.Contains(digits.Length / 2) || digits.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") >= 0)
        {
            // What it is must not be repeated, not even a wrong one.
            _problem = ($"{what} is not {wanted} hexadecimal digits ({digits.Length} characters)", "copy it anew from the maker's app, or from where the device was set up");
            return;
        }

        _bytes = Convert.FromHexString(digits);
    }
}
