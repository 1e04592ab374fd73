using System.Runtime.CompilerServices;
using Gateway.Configuration;
using Gateway.Pipeline;
using Gateway.Web;

namespace Gateway.Values;

/// <summary>What was read last of every point, and every change of it. Nothing is queued for anybody: who is slow sees fewer changes.</summary>
internal sealed class LastValues(ReadingPipeline pipeline, TimeProvider time)
{
    /// <summary>So long an eye takes to see the next number.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>Half of the long answers that the control socket gives at the same time: the other commands must get through.</summary>
    public const int MostFollowers = 4;

    private int _followers;

    /// <param name="device">Its id; null: all devices.</param>
    /// <exception cref="ControlException">There is no such device.</exception>
    public IReadOnlyList<PointLine> Now(string? device)
    {
        Require(device);
        var now = time.GetTimestamp();
        return [.. Channels(device).Select(p => p.Device.Describe(p, now))];
    }

    /// <summary>All values, then those that were read since, at most once per <see cref="Pace"/>, the newest each time.</summary>
    /// <param name="device">Its id; null: all devices.</param>
    /// <param name="cancellation">Nobody follows any more.</param>
    /// <exception cref="ControlException">There is no such device, or too many follow already.</exception>
    public async IAsyncEnumerable<IReadOnlyList<PointLine>> FollowAsync(string? device, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Require(device);
        if (Interlocked.Increment(ref _followers) > MostFollowers)
        {
            Interlocked.Decrement(ref _followers);
            throw new ControlException(
                ControlProblem.Unavailable, $"{MostFollowers} are following the values already", "end one of them, or subscribe to the telemetry topics, which as many as you like may do");
        }

        try
        {
            var seen = new Dictionary<(string Device, string Point), (PointChannel Channel, ulong Reads)>();
            using var timer = new PeriodicTimer(Pace, time);
            do
            {
                if (Changes(device, seen) is { Count: > 0 } changes)
                {
                    yield return changes;
                }
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        finally
        {
            Interlocked.Decrement(ref _followers);
        }
    }

    private List<PointLine> Changes(string? device, Dictionary<(string Device, string Point), (PointChannel Channel, ulong Reads)> seen)
    {
        var now = time.GetTimestamp();
        var lines = new List<PointLine>();
        var left = seen.Keys.ToHashSet();
        foreach (var channel in Channels(device))
        {
            var key = (channel.Device.Options.Id, channel.Options.Id);
            left.Remove(key);

            // Counted before it is read: a reading that comes between is sent again, never missed.
            var reads = channel.Reads;
            if (!seen.TryGetValue(key, out var last) || last != (channel, reads))
            {
                seen[key] = (channel, reads);
                lines.Add(channel.Device.Describe(channel, now));
            }
        }

        foreach (var key in left)
        {
            seen.Remove(key);
            lines.Add(new PointLine { Device = key.Device, Point = key.Point, Gone = true });
        }

        return lines;
    }

    private IEnumerable<PointChannel> Channels(string? device) => pipeline.Devices.Where(d => device is null || d.Options.Id == device).SelectMany(static d => d.Points);

    private void Require(string? device)
    {
        var known = pipeline.Devices.Select(static d => d.Options.Id).ToList();
        if (device is not null && !known.Contains(device))
        {
            throw new ControlException(
                ControlProblem.NotFound,
                $"there is no device {device}",
                NearestKey.Of(device, known) is { } near ? $"the nearest name is {near}" : known.Count == 0 ? "the configuration has none" : "edge-gateway values lists all of them");
        }
    }
}
