namespace Gateway.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Part">What it belongs to: <c>clock</c>, <c>disk</c>, <c>bridge cloud</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Text">What is so, for people.</param>
/// <param name="Remedy">What to do; null: nothing.</param>
/// <param name="DueTo">Another part that may be the cause, if something is the matter with it.</param>
internal sealed record Finding(string Part, Severity Severity, string Text, string? Remedy = null, string? DueTo = null)
{
    public static Finding Good(string part, string text) => new(part, Severity.Good, text);
}

internal enum Severity : byte
{
    Good,

    /// <summary>Works now, and may not later.</summary>
    Warning,

    /// <summary>Something does not work because of it.</summary>
    Fault,
}
