namespace Gateway.Adapters.Modbus;

/// <summary>scale and offset for integers, as decimals: exact, and cheap where everything fits into 64 bits.</summary>
internal readonly struct ExactScale
{
    private readonly decimal _scale;
    private readonly decimal _offset;

    // raw × _times + _plus, in units of 10^-_places.
    private readonly long _times;
    private readonly long _plus;
    private readonly byte _places;
    private readonly bool _isShort;

    /// <param name="isNarrow">Raw integers have at most 32 bits.</param>
    /// <param name="scale">Multiplied with the raw value.</param>
    /// <param name="offset">Added after scaling.</param>
    public ExactScale(bool isNarrow, decimal scale, decimal offset)
    {
        (_scale, _offset) = (scale, offset);
        IsIdentity = scale == 1 && offset == 0;
        _places = Math.Max(scale.Scale, offset.Scale);
        if (isNarrow && Fits(scale, _places, uint.MaxValue * 2m) && Fits(offset, _places, 2))
        {
            _times = Shifted(scale, _places);
            _plus = Shifted(offset, _places);
            _isShort = true;
        }
    }

    public bool IsIdentity { get; }

    public decimal Apply(long raw)
    {
        if (IsIdentity)
        {
            return raw;
        }

        if (!_isShort)
        {
            return Apply((decimal)raw);
        }

        var value = (raw * _times) + _plus;
        var size = (ulong)Math.Abs(value);
        return new((int)size, (int)(size >> 32), 0, value < 0, _places);
    }

    public decimal Apply(decimal raw) => IsIdentity ? raw : (raw * _scale) + _offset;

    /// <exception cref="OverflowException">Beyond what a decimal holds.</exception>
    public decimal Undo(decimal value) => IsIdentity ? value : (value - _offset) / _scale;

    /// <summary>Whether the number, in units of 10^-places, stays inside 64 bits when multiplied so often.</summary>
    private static bool Fits(decimal number, byte places, decimal room) =>
        (double)Math.Abs(number) * Math.Pow(10, places) * (double)room < long.MaxValue / 2;

    private static long Shifted(decimal number, byte places)
    {
        for (var i = 0; i < places; i++)
        {
            number *= 10;
        }

        return (long)number;
    }
}
