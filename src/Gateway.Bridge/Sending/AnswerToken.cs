using Gateway.Storage;

namespace Gateway.Bridge;

/// <summary>What an answer from upstream is about, packed into the client's token.</summary>
/// <param name="Lane">Whose it is.</param>
/// <param name="Kind">What was published.</param>
/// <param name="Place">Which one of its kind.</param>
internal readonly record struct AnswerToken(Lane Lane, AnswerKind Kind, long Place)
{
    public long Packed => (Place << 4) | ((long)Kind << 2) | (long)Lane;

    public static AnswerToken Unpack(long packed) => new((Lane)(packed & 3), (AnswerKind)((packed >> 2) & 3), packed >> 4);
}

internal enum AnswerKind : byte
{
    Message,
    Gap,
    Ledger,
}
