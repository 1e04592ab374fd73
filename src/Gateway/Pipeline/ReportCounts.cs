namespace Gateway.Pipeline;

/// <summary>How often each point was reported since the start. A point that leaves the configuration and comes back goes on counting: no number is given twice in one start.</summary>
internal sealed class ReportCounts
{
    private readonly Dictionary<(string Device, string? Point), ulong> _counts = [];

    /// <param name="device">Id of the device.</param>
    /// <param name="point">Id of the point; null: the device's cycles.</param>
    public ulong Of(string device, string? point) => _counts.GetValueOrDefault((device, point));

    public void Keep(DeviceChannel channel)
    {
        var device = channel.Options.Id;
        _counts[(device, null)] = channel.Cycles;
        foreach (var point in channel.Points)
        {
            _counts[(device, point.Options.Id)] = point.Reported;
        }
    }
}
