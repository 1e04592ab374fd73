using System.Globalization;

namespace Gateway.Core;

/// <summary>A value as exact as the device gave it. Equality is by kind and value.</summary>
/// <remarks>Scaled integers are decimals (2314 × 0.1 is 231.4); float32 stays float32, so that it is written in the shortest form that reads back.</remarks>
public readonly record struct PointValue
{
    private readonly decimal _decimal;
    private readonly double _double;

    private PointValue(PointValueKind kind, decimal exact = 0, double binary = 0, string? text = null)
    {
        Kind = kind;
        _decimal = exact;
        _double = binary;
        Text = text;
    }

    public PointValueKind Kind { get; }

    /// <summary>The text of a <see cref="PointValueKind.Text"/>.</summary>
    public string? Text { get; }

    public bool Boolean => _decimal != 0;

    /// <summary>The integer or decimal.</summary>
    public decimal Exact => _decimal;

    public float Single => (float)_double;

    public double Double => _double;

    public static PointValue None => default;

    public static PointValue Of(bool value) => new(PointValueKind.Boolean, value ? 1 : 0);

    /// <summary>An integer, or an integer that was scaled.</summary>
    public static PointValue Of(decimal value) => new(PointValueKind.Exact, value);

    public static PointValue Of(float value) => new(PointValueKind.Single, binary: value);

    public static PointValue Of(double value) => new(PointValueKind.Double, binary: value);

    public static PointValue Of(string value) => new(PointValueKind.Text, text: value);

    /// <summary>No NaN and no infinity: JSON has no word for them, and no device means them.</summary>
    public bool IsFinite => Kind is not (PointValueKind.Single or PointValueKind.Double) || double.IsFinite(_double);

    /// <summary>As a number for comparisons; false for text and none.</summary>
    public bool TryGetNumber(out double value)
    {
        value = Kind is PointValueKind.Single or PointValueKind.Double ? _double : (double)_decimal;
        return Kind is PointValueKind.Boolean or PointValueKind.Exact or PointValueKind.Single or PointValueKind.Double;
    }

    public override string ToString() => Kind switch
    {
        PointValueKind.Boolean => Boolean ? "true" : "false",
        PointValueKind.Exact => Exact.ToString("0.############################", CultureInfo.InvariantCulture),
        PointValueKind.Single => Single.ToString("R", CultureInfo.InvariantCulture),
        PointValueKind.Double => Double.ToString("R", CultureInfo.InvariantCulture),
        PointValueKind.Text => Text!,
        _ => "null",
    };
}

public enum PointValueKind : byte
{
    None,
    Boolean,
    Exact,
    Single,
    Double,
    Text,
}
