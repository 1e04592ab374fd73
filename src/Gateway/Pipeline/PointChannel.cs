using Gateway.Core;

namespace Gateway.Pipeline;

/// <summary>One point on its way to its topic: what was read last, and what of it was reported.</summary>
/// <remarks>It goes on counting where <c>reported</c> stands.</remarks>
internal sealed class PointChannel(DeviceChannel device, PointOptions point, TopicMapper topics, int boot, ulong reported, TimeProvider time)
{
    private readonly ReportFilter _filter = new(point.Report, point.Every, time);
    private readonly ReadingPayload _payload = new(point, boot);
    private ulong _seq = reported;
    private Reading _last;
    private long _readAt;
    private ulong _reads;

    public DeviceChannel Device => device;

    public string Topic { get; } = topics.Telemetry(device.Options.Id, point.Id);

    public bool HasLast { get; private set; }

    /// <summary>Reported since the device's last cycle ended.</summary>
    public bool IsInCycle { get; set; }

    public Reading Last => _last;

    /// <summary>How often since the start.</summary>
    public ulong Reported => _seq;

    /// <summary>Keeps the reading.</summary>
    /// <returns>Whether it is to be reported.</returns>
    public bool Take(in Reading reading)
    {
        _last = reading;
        _readAt = time.GetTimestamp();
        Volatile.Write(ref _reads, _reads + 1);
        HasLast = true;
        if (!_filter.ShouldReport(reading))
        {
            return false;
        }

        _seq++;
        return true;
    }

    public PointOptions Options => point;

    /// <summary>How often it was read since it is here. Others may ask at any time.</summary>
    public ulong Reads => Volatile.Read(ref _reads);

    /// <summary>How long ago it was read.</summary>
    public TimeSpan Age(long now) => time.GetElapsedTime(_readAt, now);

    public byte[] Payload(bool clockTrusted) => _payload.Write(_last, _seq, clockTrusted);

    public void WriteInto(JsonPayload json) => _payload.WriteInto(json, _last);
}
