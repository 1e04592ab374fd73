using System.Globalization;

namespace Gateway.Core;

/// <summary>A sum of numbers: of decimals, as long as one holds it (0.1 and 0.2 are 0.3), else in floating point.</summary>
/// <param name="Exact">null: no decimal holds it.</param>
/// <param name="Value">The same in floating point.</param>
public readonly record struct ExactSum(decimal? Exact, double Value)
{
    /// <summary>What a double reads back: a mean of 1/3 has no more of them.</summary>
    private const string MeanFormat = "G15";

    /// <summary>Below, sums of decimals do not overflow.</summary>
    private const double Largest = 1e27;

    /// <summary>Of nothing.</summary>
    public static ExactSum None => new(0, 0);

    /// <summary>So many times this number.</summary>
    public static ExactSum Of(in ExactNumber number, long times)
    {
        var value = number.Value * times;
        return new ExactSum(Math.Abs(value) < Largest ? number.Exact * times : null, value);
    }

    public ExactSum Plus(in ExactSum other)
    {
        var value = Value + other.Value;
        return new ExactSum(Math.Abs(value) < Largest ? Exact + other.Exact : null, value);
    }

    /// <summary>The mean of so many, as JSON.</summary>
    public string Mean(long count) => Exact is { } exact
        ? (exact / count).ToString(MeanFormat, CultureInfo.InvariantCulture)
        : (Value / count).ToString(MeanFormat, CultureInfo.InvariantCulture);
}
