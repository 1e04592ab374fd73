using Gateway.Adapters.Modbus;
using Gateway.Core;

namespace Gateway.Cli;

/// <summary>Points of a device of the configuration, read by as few requests as the gateway itself would make.</summary>
internal sealed class PointSource(RegisterAccess access, IReadOnlyList<PointOptions> points, PlanLimits limits) : IWatchSource
{
    private readonly IReadOnlyList<PlannedRead> _plan = PollPlanner.Plan(points.Select(static p => p with { Every = PointOptions.DefaultEvery }), limits);

    public IReadOnlyList<string> Heads { get; } = ["POINT", "ADDRESS", "HEX", "\tVALUE", "UNIT"];

    public async Task<WatchRound> ReadAsync(CancellationToken cancellation)
    {
        var rows = new Dictionary<string, WatchRow>(StringComparer.Ordinal);
        string? problem = null;
        foreach (var read in _plan)
        {
            var reply = await access.ReadAsync(new(read.Space, read.Address, read.Count), cancellation).ConfigureAwait(false);
            if (!reply.IsOk)
            {
                problem ??= reply.Line;
                if (reply.Outcome != FieldOutcome.Answered)
                {
                    break;
                }

                continue;
            }

            foreach (var point in read.Points)
            {
                rows.Add(point.Id, Row(point, read, reply.Values.Span));
            }
        }

        return new([.. points.Where(p => rows.ContainsKey(p.Id)).Select(p => rows[p.Id])], problem);
    }

    private static WatchRow Row(PointOptions point, PlannedRead read, ReadOnlySpan<byte> values)
    {
        var range = PointReader.RangeOf(point);
        var offset = range.Address - read.Address;
        byte[] own = range.Space.IsBits() ? [RegisterTables.Bit(values, offset) ? (byte)1 : (byte)0] : values.Slice(offset * 2, range.Bytes).ToArray();
        var value = PointReader.Decode(point, own);
        var (hex, shown, unit) = (RegisterText.Hex(own), RegisterTables.Shown(value), Words.Safe(point.Unit ?? ""));
        return new(point.Id, hex, [point.Id, point.Address.ToString(), hex, shown, unit], $"{point.Device}/{point.Id}  {hex}  {shown}{(unit.Length == 0 ? "" : $" {unit}")}", RegisterJson.Number(value));
    }
}
