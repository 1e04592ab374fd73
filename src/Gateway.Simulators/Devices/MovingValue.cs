using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Simulators;

/// <summary>A plausible value of one simulated point at a moment: floats swing, 16-bit integers ramp, wide integers count, bits toggle. Pure.</summary>
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
    private readonly decimal _from;
    private readonly decimal _to;
    private readonly double _phase;

    public MovingValue(PointOptions point, int index)
    {
        Point = point;
        _address = (ModbusPoint)point.Address;
        _phase = index * PhaseStep;
        (_from, _to) = Range(point);
    }

    public PointOptions Point { get; }

    public PointValue At(TimeSpan elapsed)
    {
        if (_address.Type == ModbusType.Bool)
        {
            return PointValue.Of((long)((elapsed / ToggleTime) + _phase) % 2 == 1);
        }

        var span = (double)(_to - _from);
        switch (_address.Type)
        {
            case ModbusType.Float32 or ModbusType.Float64:
                var swing = (1 + Math.Sin(2 * Math.PI * ((elapsed / SwingTime) + _phase))) / 2;
                return PointValue.Of((double)_from + (span * swing));
            case ModbusType.Int16 or ModbusType.UInt16:
                var turn = (elapsed / RampTime) + _phase;
                return PointValue.Of(_from + ((_to - _from) * (decimal)(turn - Math.Floor(turn))));
            default:
                var count = (decimal)Math.Floor(elapsed.TotalSeconds * CountsPerSecond);
                return PointValue.Of(_from + (count * Math.Abs(Point.Scale) % (_to - _from)));
        }
    }

    /// <summary>The write range where there is one, else 0 to 100 as far as the register can hold it.</summary>
    private static (decimal From, decimal To) Range(PointOptions point)
    {
        var address = (ModbusPoint)point.Address;
        decimal from = point.Write?.Min ?? 0;
        decimal to = point.Write?.Max ?? Math.Max(from + 100, 100);
        if (address.Type == ModbusType.Bool || address.Type.IsFloat())
        {
            return (from, to);
        }

        var (rawMin, rawMax) = address.Type.IntegerRange();
        var (a, b) = ((rawMin * point.Scale) + point.Offset, (rawMax * point.Scale) + point.Offset);
        var (least, most) = (Math.Min(a, b), Math.Max(a, b));
        from = Math.Clamp(from, least, most);
        to = address.Type.Width() > 1 && point.Write is null ? most : Math.Clamp(to, least, most);
        return from < to ? (from, to) : (least, most);
    }
}
