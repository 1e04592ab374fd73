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

    /// <summary>Why a text is no key, without repeating it, not even a wrong one; null: it is one.</summary>
    /// <param name="text">As it is kept.</param>
    /// <param name="lengths">How many bytes it may have; none: any.</param>
    public static string? WhyNot(string text, IReadOnlyList<int> lengths)
    {
        var digits = Digits(text);
        return digits.AsSpan().IndexOfAnyExcept("0123456789abcdefABCDEF") < 0 && digits.Length % 2 == 0 && (lengths.Count == 0 || lengths.Contains(digits.Length / 2)) ? null
            : $"is not {string.Join(" or ", lengths.Select(static l => l * 2))}{(lengths.Count == 0 ? "" : " ")}hexadecimal digits ({digits.Length} characters)";
    }

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

        if (WhyNot(text, lengths) is { } wrong)
        {
            _problem = ($"{what} {wrong}", "copy it anew from the maker's app, or from where the device was set up");
            return;
        }

        _bytes = Convert.FromHexString(Digits(text));
    }

    private static string Digits(string text) => text.Trim().Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
