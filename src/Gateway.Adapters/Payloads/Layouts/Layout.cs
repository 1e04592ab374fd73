namespace Gateway.Adapters.Payloads;

/// <summary>A payload that the configuration describes: fields one after the other or at their offsets, and, chosen by one of them, further ones.</summary>
/// <param name="Fields">In their order.</param>
public sealed record Layout(IReadOnlyList<LayoutField> Fields)
{
    /// <summary>The word in <c>choose</c> for the number beside the payload.</summary>
    public const string Port = "port";

    /// <summary>Id of the field that chooses among <see cref="Cases"/>, or <see cref="Port"/>; null: there are none.</summary>
    public string? Choose { get; init; }

    public IReadOnlyList<LayoutCase> Cases { get; init; } = [];

    /// <summary>The whole begins anew behind its last field, until the payload ends.</summary>
    public bool Repeats { get; init; }

    /// <summary>The only length that a payload of this kind has, in bytes; null: any.</summary>
    public int? Length { get; init; }

    public bool Equals(Layout? other) => other is not null && (Choose, Repeats, Length) == (other.Choose, other.Repeats, other.Length)
        && Fields.SequenceEqual(other.Fields) && Cases.SequenceEqual(other.Cases);

    public override int GetHashCode() => HashCode.Combine(Choose, Repeats, Length, Fields.Count, Cases.Count);

    internal LayoutCase? Case(decimal number)
    {
        LayoutCase? otherwise = null;
        foreach (var one in Cases)
        {
            if (one.When is null)
            {
                otherwise = one;
            }
            else if (one.When.Contains(number))
            {
                return one;
            }
        }

        return otherwise;
    }
}

/// <param name="When">Raw numbers of the choosing field; null: all that no other case names.</param>
/// <param name="Fields">What follows then.</param>
public sealed record LayoutCase(IReadOnlyList<decimal>? When, IReadOnlyList<LayoutField> Fields)
{
    public bool Equals(LayoutCase? other) => other is not null && (When is null) == (other.When is null) && (When ?? []).SequenceEqual(other.When ?? []) && Fields.SequenceEqual(other.Fields);

    public override int GetHashCode() => HashCode.Combine(When?.Count, Fields.Count);
}
