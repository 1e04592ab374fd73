using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>One request that reads several points of a device.</summary>
/// <param name="Space">Which table.</param>
/// <param name="Address">First register or bit.</param>
/// <param name="Count">Registers or bits.</param>
/// <param name="Every">Poll interval that its points share.</param>
/// <param name="Points">Its points, by address.</param>
public sealed record PlannedRead(RegisterSpace Space, ushort Address, int Count, TimeSpan Every, IReadOnlyList<PointOptions> Points)
{
    /// <summary>Bytes of values in the response.</summary>
    public int Bytes => Space.IsBits() ? (Count + 7) / 8 : Count * 2;

    /// <summary>For people: <c>holding 100..149</c>.</summary>
    public string Range => Count == 1 ? $"{Space.Word()} {Address}" : $"{Space.Word()} {Address}..{Address + Count - 1}";

    public override string ToString() => $"{Range}: {Points.Count} points";

    /// <summary>The smallest read that covers these points.</summary>
    internal static PlannedRead Over(IReadOnlyList<PointOptions> points)
    {
        var first = (ModbusPoint)points[0].Address;
        var end = 0;
        foreach (var point in points)
        {
            end = Math.Max(end, ((ModbusPoint)point.Address).End);
        }

        return new(first.Space, first.Address, end - first.Address, points[0].Every, points);
    }
}
