using Gateway.Core;

namespace Gateway.Adapters.Payloads;

/// <summary>One value of a payload that was heard, as its decoder understood it.</summary>
/// <param name="Field">What it is, in the decoder's words (<c>temperature</c>, <c>analog-input-3</c>); a valid id, unique within a payload.</param>
/// <param name="Value">In <paramref name="Unit"/>, scaled as the format says; <see cref="PointValue.None"/> with an error.</param>
/// <param name="Unit">For people (<c>°C</c>); null: it has none.</param>
/// <param name="Error">Why there is no value to believe (<c>out of range: 327.67</c>); null: it is good.</param>
/// <param name="IsEvent">Something happened (a button was pressed): the same again is news again.</param>
public readonly record struct DecodedValue(string Field, PointValue Value, string? Unit = null, string? Error = null, bool IsEvent = false);
