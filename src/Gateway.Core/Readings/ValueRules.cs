using System.Globalization;

namespace Gateway.Core;

/// <summary>What a point's configuration says of its scaled values, whatever protocol they came by: how many places count, and what cannot be true.</summary>
public sealed class ValueRules(PointOptions point)
{
    public const string NotANumber = "not a number";

    private readonly int? _precision = point.Precision;
    private readonly PlausibleOptions? _plausible = point.Plausible;

    /// <summary>Every finite value is good as it is.</summary>
    public bool AllowAll => _precision is null && _plausible is null;

    /// <summary>Rounds the value and judges it.</summary>
    /// <returns>Why it is not to be believed; null: it is good.</returns>
    public string? Apply(ref PointValue value)
    {
        if (!value.IsFinite)
        {
            return NotANumber;
        }

        if (_precision is { } places)
        {
            value = Round(value, places);
        }

        return _plausible is null ? null : Judge(value, _plausible);
    }

    private static PointValue Round(in PointValue value, int places) => value.Kind switch
    {
        PointValueKind.Exact => PointValue.Of(decimal.Round(value.Exact, places, MidpointRounding.AwayFromZero)),
        PointValueKind.Single => PointValue.Of((float)Math.Round(value.Double, places, MidpointRounding.AwayFromZero)),
        PointValueKind.Double => PointValue.Of(Math.Round(value.Double, places, MidpointRounding.AwayFromZero)),
        _ => value,
    };

    private static string? Judge(in PointValue value, PlausibleOptions limits) =>
        limits.Min is { } min && IsBelow(value, min) ? string.Create(CultureInfo.InvariantCulture, $"implausible: {value} is below {min}")
        : limits.Max is { } max && IsAbove(value, max) ? string.Create(CultureInfo.InvariantCulture, $"implausible: {value} is above {max}")
        : null;

    private static bool IsBelow(in PointValue value, decimal min) =>
        value.Kind == PointValueKind.Exact ? value.Exact < min : value.TryGetNumber(out var number) && number < (double)min;

    private static bool IsAbove(in PointValue value, decimal max) =>
        value.Kind == PointValueKind.Exact ? value.Exact > max : value.TryGetNumber(out var number) && number > (double)max;
}
