using System.Globalization;
using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>A plausible value of one simulated point at a moment: floats swing, narrow integers ramp, wide integers count, bits toggle, labels take turns, texts name the device. Pure.</summary>
internal sealed class MovingValue
{
    private static readonly TimeSpan SwingTime = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RampTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ToggleTime = TimeSpan.FromSeconds(10);

    // Meters count in tenths of a second here: fast enough to be seen moving.
    private const double CountsPerSecond = 10;

    // Points of one device should not move in step.
    private const double PhaseStep = 0.13;

    private readonly ModbusPoint _address;
    private readonly PointCodec _codec;
    private readonly decimal _from;
    private readonly decimal _to;
    private readonly double _phase;

    // Between the bits of a mask with holes nothing can move smoothly.
    private readonly decimal? _step;

    public MovingValue(PointOptions point, int index)
    {
        Point = point;
        _address = (ModbusPoint)point.Address;
        _step = _address.Mask is not null && new BitField(_address) is { HasHoles: true } field ? field.Lowest : null;
        _codec = new(_address, point.Scale, point.Offset);
        _phase = index * PhaseStep;
        (_from, _to) = Range();
    }

    public PointOptions Point { get; }

    public PointValue At(TimeSpan elapsed)
    {
        var toggles = (long)((elapsed / ToggleTime) + _phase);
        if (_address.Type.IsBoolean())
        {
            return PointValue.Of(toggles % 2 == 1);
        }

        if (_address.Type.IsText())
        {
            return PointValue.Of(Text(toggles));
        }

        if (Point.Labels is { Entries: { Count: > 0 } labels })
        {
            return PointValue.Of(labels[(int)(toggles % labels.Count)].Key);
        }

        if (_step is { } step)
        {
            return PointValue.Of((toggles % 2 * step * Point.Scale) + Point.Offset);
        }

        if (_from == _to)
        {
            return PointValue.Of(_from);
        }

        var span = (double)(_to - _from);
        if (_address.Type.IsFloat())
        {
            var swing = (1 + Math.Sin(2 * Math.PI * ((elapsed / SwingTime) + _phase))) / 2;
            return PointValue.Of((double)_from + (span * swing));
        }

        if (_address.Width == 1)
        {
            var turn = (elapsed / RampTime) + _phase;
            return PointValue.Of(_from + ((_to - _from) * (decimal)(turn - Math.Floor(turn))));
        }

        var count = (decimal)Math.Floor(elapsed.TotalSeconds * CountsPerSecond);
        return PointValue.Of(_from + (count * Math.Abs(Point.Scale) % (_to - _from)));
    }

    /// <summary>A serial number that stays; of bytes, a count.</summary>
    private string Text(long toggles)
    {
        if (_address.Type == ModbusType.Bytes)
        {
            return toggles.ToString("x", CultureInfo.InvariantCulture).PadLeft(_address.Number * 2, '0')[^(_address.Number * 2)..];
        }

        var room = _address.Encoding == TextEncoding.Utf16 ? _address.Number / 2 : _address.Number;
        var name = string.Create(CultureInfo.InvariantCulture, $"SIM-{_address.Address:D5}");
        return name.Length <= room ? name : name[..room];
    }

    /// <summary>What can be true, else the write range, else 0 to 100, as far as the registers can hold it and do not mean "no value".</summary>
    private (decimal From, decimal To) Range()
    {
        if (_address.Type.IsBoolean() || _address.Type.IsText())
        {
            return (0, 1);
        }

        decimal from = Point.Write?.Min ?? Point.Plausible?.Min ?? 0;
        decimal to = Point.Write?.Max ?? Point.Plausible?.Max ?? Math.Max(from + 100, 100);
        if (_address.Type.IsFloat())
        {
            // A half ends at 65504.
            const decimal LargestHalf = 65_504;
            var most16 = _address.Type == ModbusType.Float16 ? LargestHalf * Math.Abs(Point.Scale) : decimal.MaxValue;
            return (from, Math.Max(from, Math.Min(to, most16)));
        }

        var (rawMin, rawMax) = _codec.RawRange;
        if (_address.NotANumber.Patterns.Count > 0)
        {
            // Sentinels lie at the ends.
            (rawMin, rawMax) = (rawMin + 1, rawMax - 1);
        }

        var (a, b) = ((rawMin * Point.Scale) + Point.Offset, (rawMax * Point.Scale) + Point.Offset);
        var (least, most) = (Math.Min(a, b), Math.Max(a, b));
        from = Math.Clamp(from, least, most);
        if (Point.Plausible is { Min: { } only, Max: { } same } && only == same)
        {
            return (only, only);
        }

        to = _address.Width > 1 && Point.Write is null && Point.Plausible?.Max is null ? most : Math.Clamp(to, least, most);
        return from < to ? (from, to) : (least, most);
    }
}
