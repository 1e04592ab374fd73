using Gateway.Core;

namespace Gateway.Adapters.Modbus;

/// <summary>Where in an interval each device of a line is polled. The first poll of all is at once; from the second on, devices with the same interval are spread over it.</summary>
/// <remarks>
/// So a poll that is late says that the line is full, not that everybody wanted it at the same moment; and brokers, bridges and clouds get a stream instead of bursts.
/// The blocks of one device stay together: what is read of it at one interval is one cycle.
/// </remarks>
internal sealed class PollPhases
{
    private readonly Dictionary<(string Device, TimeSpan Every), (int Index, int Count)> _places = [];

    /// <param name="devices">All devices of the line, in the order of the configuration.</param>
    public PollPhases(IEnumerable<DeviceOptions> devices)
    {
        var pairs = devices.SelectMany(d => d.Points.Select(p => p.Every).Distinct().Select(every => (Device: d.Id, Every: every)));
        foreach (var group in pairs.GroupBy(p => p.Every))
        {
            var members = group.ToList();
            for (var i = 0; i < members.Count; i++)
            {
                _places[members[i]] = (i, members.Count);
            }
        }
    }

    /// <returns>From the first poll to the second, more than zero and at most the interval.</returns>
    public TimeSpan Second(string device, TimeSpan every)
    {
        var (index, count) = _places[(device, every)];
        return TimeSpan.FromTicks(Math.Max(1, every.Ticks * (index + 1) / count));
    }
}
