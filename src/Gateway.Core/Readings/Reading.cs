namespace Gateway.Core;

/// <summary>One point, read once.</summary>
/// <param name="Point">The point, as configured.</param>
/// <param name="Value">Its value; <see cref="PointValue.None"/> when the quality is bad.</param>
/// <param name="Quality">Whether to believe it.</param>
/// <param name="At">When it was read, UTC.</param>
/// <param name="Error">Why the quality is not good, in the field's words (<c>timeout</c>, <c>illegal data address</c>); null when it is good.</param>
public readonly record struct Reading(PointOptions Point, PointValue Value, Quality Quality, DateTimeOffset At, string? Error = null)
{
    /// <summary>A value to believe; one that is no number is bad all the same.</summary>
    public static Reading Good(PointOptions point, PointValue value, DateTimeOffset at) =>
        value.IsFinite ? new(point, value, Quality.Good, at) : Bad(point, ValueRules.NotANumber, at);

    public static Reading Bad(PointOptions point, string error, DateTimeOffset at) => new(point, PointValue.None, Quality.Bad, at, error);
}

/// <summary>OPC's three words.</summary>
public enum Quality : byte
{
    Good,
    Uncertain,
    Bad,
}
