namespace Gateway.Adapters.Payloads;

/// <param name="Status">How much of it was understood.</param>
/// <param name="Reason">Why not all of it, for people; null otherwise.</param>
/// <param name="Remedy">What a person can do about it; null: nothing.</param>
public readonly record struct PayloadOutcome(PayloadStatus Status, string? Reason = null, string? Remedy = null)
{
    public static readonly PayloadOutcome Decoded = new(PayloadStatus.Decoded);

    /// <summary>What was understood before the fault counts; without any value it is refused.</summary>
    /// <param name="values">Where the values went.</param>
    /// <param name="before">How many were there before this payload.</param>
    /// <param name="reason">What is wrong with the rest.</param>
    /// <param name="remedy">What a person can do about it; null: nothing.</param>
    public static PayloadOutcome UpTo(DecodedValues values, int before, string reason, string? remedy = null) =>
        new(values.Count > before ? PayloadStatus.Partly : PayloadStatus.Refused, reason, remedy);

    public static PayloadOutcome Refused(string reason, string? remedy = null) => new(PayloadStatus.Refused, reason, remedy);
}

public enum PayloadStatus : byte
{
    /// <summary>All of it.</summary>
    Decoded,

    /// <summary>The values that were given are whole; the rest was cut off or is unknown.</summary>
    Partly,

    /// <summary>None of it.</summary>
    Refused,
}
