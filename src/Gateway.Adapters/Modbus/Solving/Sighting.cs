using System.Globalization;

namespace Gateway.Adapters.Modbus;

/// <summary>What somebody has seen on a device's display.</summary>
/// <param name="Value">The number; not 0, which fits everything that is off.</param>
/// <param name="Step">What one unit of its last digit is worth: 0.1 for 231.4.</param>
/// <param name="Tolerance">How far a register may be away: it was read a moment later.</param>
public sealed record Sighting(decimal Value, decimal Step, decimal Tolerance)
{
    /// <summary>0.5 %: what a voltage moves between a look at the display and the key.</summary>
    public const decimal DefaultShare = 0.005m;

    /// <summary>Digits that a decimal holds beside its point.</summary>
    private const int MostPlaces = 9;

    /// <param name="text">As it stands on the display: <c>231.4</c>.</param>
    /// <param name="tolerance">As on the command line: <c>0.5</c>, <c>2%</c>; null: the larger of one step and 0.5 %.</param>
    /// <param name="sighting">What it is.</param>
    /// <returns>What is wrong and what to write instead; null: nothing is.</returns>
    public static string? TryParse(string text, string? tolerance, out Sighting? sighting)
    {
        sighting = null;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value.Scale > MostPlaces)
        {
            return text.Contains(',') ? $"\"{text}\" is not a number here; write {text.Replace(',', '.')}" : $"\"{text}\" is not a number; write it as the display shows it, for example 231.4";
        }

        if (value == 0)
        {
            return "0 fits everything that is off; wait until the display shows something else";
        }

        var step = new decimal(1, 0, 0, false, value.Scale);
        var room = Math.Max(step, Math.Abs(value) * DefaultShare);
        if (tolerance is not null)
        {
            var isShare = tolerance.EndsWith('%');
            if (!decimal.TryParse(isShare ? tolerance[..^1] : tolerance, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var given))
            {
                return $"--tolerance {tolerance}: not a number; write for example 0.5 or 2%";
            }

            room = isShare ? Math.Abs(value) * given / 100 : given;
        }

        sighting = new(value, step, room);
        return null;
    }
}
