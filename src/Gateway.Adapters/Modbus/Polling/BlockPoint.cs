using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>A point inside a block.</summary>
/// <param name="Options">The point.</param>
/// <param name="Codec">Its codec.</param>
/// <param name="Offset">Registers or bits from the block's first.</param>
internal readonly record struct BlockPoint(PointOptions Options, PointCodec Codec, int Offset)
{
    public static BlockPoint[] Of(PlannedRead read)
    {
        var points = new BlockPoint[read.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new(read.Points[i], new(read.Points[i]), ((ModbusPoint)read.Points[i].Address).Address - read.Address);
        }

        return points;
    }
}
