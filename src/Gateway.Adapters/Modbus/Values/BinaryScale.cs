namespace Gateway.Adapters.Modbus;

/// <summary>scale and offset for binary floats, with as few roundings as can be.</summary>
/// <remarks>0.1 has no exact double, 10 has: a scale of 0.1 divides by 10, so 2314 becomes the double nearest to 231.4.</remarks>
internal readonly struct BinaryScale
{
    // Largest power of ten and largest integers that a double holds exactly.
    private const int ExactPowers = 22;
    private const decimal ExactIntegers = 1L << 53;

    private readonly double _times;
    private readonly double _by;
    private readonly double _offset;

    public BinaryScale(decimal scale, decimal offset)
    {
        (_times, _by) = Fraction(scale);
        _offset = (double)offset;
        IsIdentity = scale == 1 && offset == 0;
    }

    public bool IsIdentity { get; }

    public double Apply(double raw) => IsIdentity ? raw : (raw * _times / _by) + _offset;

    public double Undo(double value) => IsIdentity ? value : (value - _offset) * _by / _times;

    private static (double Times, double By) Fraction(decimal scale)
    {
        var places = scale.Scale;
        var mantissa = scale;
        for (var i = 0; i < places; i++)
        {
            mantissa *= 10;
            if (Math.Abs(mantissa) > ExactIntegers)
            {
                return ((double)scale, 1);
            }
        }

        return places <= ExactPowers ? ((double)mantissa, Math.Pow(10, places)) : ((double)scale, 1);
    }
}
