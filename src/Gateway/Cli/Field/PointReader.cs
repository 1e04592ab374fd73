using Gateway.Adapters.Modbus;
using Gateway.Core;
using Gateway.Web;

namespace Gateway.Cli;

/// <summary>Points of the configuration, read by a tool.</summary>
internal static class PointReader
{
    /// <summary>The points that are meant.</summary>
    /// <param name="device">Its device.</param>
    /// <param name="id">Id of the point; null: all.</param>
    public static IReadOnlyList<PointOptions> Find(DeviceOptions device, string? id)
    {
        if (id is null)
        {
            return device.Points;
        }

        return device.Points.FirstOrDefault(p => p.Id == id) is { } point ? [point] : throw new ControlException(
            ControlProblem.NotFound, $"{device.Id} has no point {id}",
            Configuration.NearestKey.Of(id, device.Points.Select(static p => p.Id)) is { } nearest ? $"the nearest name is {nearest}" : $"it has {string.Join(", ", device.Points.Select(static p => p.Id))}");
    }

    public static RegisterRange RangeOf(PointOptions point) => point.Address is ModbusPoint address ? new(address.Space, address.Address, address.Width) : default;

    /// <summary>The scaled value; none: not a number.</summary>
    public static PointValue Decode(PointOptions point, ReadOnlySpan<byte> values) =>
        ((ModbusPoint)point.Address).Space.IsBits() ? PointValue.Of(RegisterTables.Bit(values, 0))
        : new PointCodec(point).TryDecode(values, out var value) ? value
        : PointValue.None;
}
