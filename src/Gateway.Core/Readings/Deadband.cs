using System.Globalization;

namespace Gateway.Core;

/// <summary>The least move of a value that is worth a message.</summary>
/// <param name="Amount">Of the scaled value, or percent; 0: every difference counts.</param>
/// <param name="IsPercent">Percent of the value that was reported last.</param>
public readonly record struct Deadband(decimal Amount, bool IsPercent = false)
{
    public static implicit operator Deadband(decimal amount) => new(amount);

    /// <summary>Whether one value is that far from the one that was reported last. A number that is none (NaN) is far from every other.</summary>
    public bool IsLeftBy(in PointValue value, in PointValue last)
    {
        if (value == last)
        {
            return false;
        }

        if (Amount == 0 || !TryExact(value, out var now) || !TryExact(last, out var before))
        {
            return Amount == 0 || !value.TryGetNumber(out var number) || !last.TryGetNumber(out var reported) || IsLeftBy(number, reported);
        }

        // Nothing is a percentage of zero: every move away from it counts.
        return IsPercent ? before == 0 || Math.Abs(now - before) >= Math.Abs(before) * (Amount / 100) : Math.Abs(now - before) >= Amount;
    }

    /// <summary>As written in <c>change: 5%</c>.</summary>
    public override string ToString() => Amount.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");

    private bool IsLeftBy(double value, double last)
    {
        var least = IsPercent ? Math.Abs(last) * (double)(Amount / 100) : (double)Amount;
        return !(Math.Abs(value - last) < least);
    }

    /// <summary>As decimals, in which 0.3 is 0.1 away from 0.2; that of a float is the number that is shown.</summary>
    private static bool TryExact(in PointValue value, out decimal exact)
    {
        const double Largest = 1e14;
        const double Smallest = 1e-9;
        exact = 0;
        switch (value.Kind)
        {
            case PointValueKind.Exact when Math.Abs(value.Exact) < (decimal)Largest:
                exact = value.Exact;
                return true;
            case PointValueKind.Single when IsHandy(value.Double):
                exact = (decimal)value.Single;
                return true;
            case PointValueKind.Double when IsHandy(value.Double):
                exact = (decimal)value.Double;
                return true;
            default:
                return false;
        }

        static bool IsHandy(double number) => number == 0 || Math.Abs(number) is > Smallest and < Largest;
    }
}
