using Gateway.Core;
using Gateway.Values;

namespace Gateway.Pipeline;

/// <summary>One device as the pipeline knows it. Its points are fed by its link's task; the state is read by others, hence the lock.</summary>
internal sealed class DeviceChannel
{
    private static readonly byte[] s_telemetrySchema = JsonPayload.Prepare("schema", "telemetry.v1");
    private static readonly byte[] s_stateSchema = JsonPayload.Prepare("schema", "state.v1");
    private static readonly byte[] s_healthSchema = JsonPayload.Prepare("schema", "health.v1");
    private static readonly byte[] s_unsynced = JsonPayload.Prepare("clock", "unsynced");

    private readonly Lock _lock = new();
    private readonly Func<PointOptions, ulong, PointChannel> _point;
    private readonly ReportCounts _counts;
    private readonly int _boot;
    private volatile IReadOnlyList<PointChannel> _points;
    private ulong _cycles;
    private bool _stateChanged;

    public DeviceChannel(DeviceOptions options, TopicMapper topics, int boot, ReportCounts counts, TimeProvider time)
    {
        _boot = boot;
        _cycles = counts.Of(options.Id, null);
        Options = options;
        TelemetryTopic = topics.DeviceTelemetry(options.Id);
        StateTopic = topics.State(options.Id);
        StatusTopic = topics.Status(options.Id);
        HealthTopic = topics.Health(options.Id);
        _point = (p, reported) => new PointChannel(this, p, topics, boot, reported, time);
        _points = [.. options.Points.Select(p => _point(p, counts.Of(options.Id, p.Id)))];
        _counts = counts;
    }

    public DeviceOptions Options { get; }

    /// <summary>As configured, then as they were found.</summary>
    public IReadOnlyList<PointChannel> Points => _points;

    /// <summary>Cycles that were reported since the start.</summary>
    public ulong Cycles => _cycles;

    public string TelemetryTopic { get; }

    public string StateTopic { get; }

    public string StatusTopic { get; }

    public string HealthTopic { get; }

    /// <summary>null: nothing is known of it yet.</summary>
    public DeviceState? State { get; private set; }

    /// <summary>When the state changed last, UTC.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Knows a point more, or more of one.</summary>
    public PointChannel Add(PointOptions point)
    {
        lock (_lock)
        {
            var before = _points.FirstOrDefault(p => p.Options.Id == point.Id);
            var channel = _point(point, before?.Reported ?? _counts.Of(Options.Id, point.Id));
            _points = before is null ? [.. _points, channel] : [.. _points.Select(p => p == before ? channel : p)];
            return channel;
        }
    }

    /// <summary>Keeps the reading.</summary>
    /// <returns>The payload of its message; null if it is not to be reported, or not alone.</returns>
    public byte[]? Take(PointChannel point, in Reading reading, bool clockTrusted)
    {
        lock (_lock)
        {
            _stateChanged = true;
            if (!point.Take(reading))
            {
                return null;
            }

            point.IsInCycle = true;
            return Options.Telemetry == TelemetryShape.PerPoint ? point.Payload(clockTrusted) : null;
        }
    }

    /// <summary>The object of what was reported in this cycle; null if nothing was, or the device is reported point by point.</summary>
    public byte[]? EndCycle(DateTimeOffset now, bool clockTrusted)
    {
        if (Options.Telemetry != TelemetryShape.PerDevice)
        {
            return null;
        }

        lock (_lock)
        {
            var reported = Points.Where(p => p.IsInCycle).ToList();
            if (reported.Count == 0)
            {
                return null;
            }

            var json = JsonPayload.Open().Member("ts", now.ToUnixTimeMilliseconds()).Member("seq", ++_cycles).Member("boot", _boot);
            WritePoints(json, reported);
            reported.ForEach(p => p.IsInCycle = false);
            return json.Member(clockTrusted ? default : s_unsynced).Member(s_telemetrySchema).Close();
        }
    }

    /// <summary>All last values, if one has changed since this was asked last.</summary>
    public byte[]? TakeState(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_stateChanged)
            {
                return null;
            }

            _stateChanged = false;
            return WriteState(now);
        }
    }

    /// <summary>What was read last of one of its points, for people.</summary>
    public PointLine Describe(PointChannel point, long now)
    {
        lock (_lock)
        {
            var line = new PointLine { Device = Options.Id, Point = point.Options.Id, Unit = point.Options.Unit, FoundBy = Options.FoundBy };
            if (!point.HasLast)
            {
                return line with { Error = State is { Online: false } away ? away.Reason : null };
            }

            var last = point.Last;
            return line with
            {
                Value = last.Value,
                Label = point.Options.Labels?.Of(last.Value),
                Quality = QualityText(last.Quality),
                Error = last.Error,
                ReadAt = last.At,
                AgeMs = Math.Max(0, (long)point.Age(now).TotalMilliseconds),
            };
        }
    }

    /// <summary>Keeps the device's state.</summary>
    /// <returns>Its health document.</returns>
    public byte[] Change(DeviceState state, DateTimeOffset now)
    {
        lock (_lock)
        {
            State = state;
            Since = now;
        }

        return JsonPayload.Open()
            .Member("status", StatusText(state))
            .Member("reason", state.Reason)
            .Member("remedy", state.Remedy)
            .Member("since", now.ToUnixTimeMilliseconds())
            .Member(s_healthSchema)
            .Close();
    }

    public static string StatusText(DeviceState state) => state.Online ? "online" : "offline";

    private static string QualityText(Quality quality) => quality switch { Quality.Good => "good", Quality.Bad => "bad", _ => "uncertain" };

    private byte[] WriteState(DateTimeOffset now)
    {
        var json = JsonPayload.Open().Member("ts", now.ToUnixTimeMilliseconds());
        WritePoints(json, Points.Where(p => p.HasLast));
        return json.Member(s_stateSchema).Close();
    }

    private static void WritePoints(JsonPayload json, IEnumerable<PointChannel> points)
    {
        json.OpenObject("points");
        foreach (var point in points)
        {
            point.WriteInto(json);
        }

        json.CloseObject();
    }
}
