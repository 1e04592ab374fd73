using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Turns what a block's poll brought into readings, and tells when a device's cycle is complete.</summary>
internal sealed class BlockReporter(IReadingSink sink)
{
    /// <param name="block">The block.</param>
    /// <param name="values">The values of its response.</param>
    /// <param name="at">When it was read.</param>
    public void Good(PollBlock block, ReadOnlySpan<byte> values, DateTimeOffset at)
    {
        BeginReport(block);
        if (block.Read.Space.IsBits())
        {
            foreach (ref readonly var point in block.Points.AsSpan())
            {
                var on = (values[point.Offset >> 3] & (1 << (point.Offset & 7))) != 0;
                sink.Report(point.Codec.Read(on, at));
            }

            return;
        }

        foreach (ref readonly var point in block.Points.AsSpan())
        {
            sink.Report(point.Codec.Read(values.Slice(point.Offset * 2, point.Codec.Width * 2), at));
        }
    }

    public void Bad(PollBlock block, string error, DateTimeOffset at)
    {
        BeginReport(block);
        foreach (ref readonly var point in block.Points.AsSpan())
        {
            sink.Report(Reading.Bad(point.Options, error, at));
        }
    }

    /// <summary>A block of this device has been dealt with.</summary>
    public void EndOfBlock(DeviceRun device)
    {
        if (device.Ready == 0)
        {
            EndCycle(device);
        }
    }

    /// <summary>On a line that is too slow something is always due; a cycle then ends where its first block comes round again.</summary>
    private void BeginReport(PollBlock block)
    {
        if (block.ReportedIn == block.Device.Cycle)
        {
            EndCycle(block.Device);
        }

        block.ReportedIn = block.Device.Cycle;
    }

    private void EndCycle(DeviceRun device)
    {
        device.Cycle++;
        sink.EndOfCycle(device.Options);
    }
}
