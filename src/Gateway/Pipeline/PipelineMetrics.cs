using System.Diagnostics.Metrics;
using Gateway.Broker;
using Gateway.Core;

namespace Gateway.Pipeline;

/// <summary>Counts readings and what became of them.</summary>
internal sealed class PipelineMetrics : IDisposable
{
    public const string MeterName = "EdgeGateway.Pipeline";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _readings;
    private readonly Counter<long> _unknown;
    private readonly Counter<long> _published;
    private readonly Counter<long> _commands;

    public PipelineMetrics()
    {
        _readings = _meter.CreateCounter<long>("pipeline.readings", "{reading}", "Points read, by quality");
        _unknown = _meter.CreateCounter<long>("pipeline.readings.unknown", "{reading}", "Readings of devices that another of the same name has replaced");
        _published = _meter.CreateCounter<long>("pipeline.published", "{message}", "Messages that readings became, by what the broker said");
        _commands = _meter.CreateCounter<long>("pipeline.commands", "{command}", "Commands answered, by result and reason");
    }

    public void Read(Quality quality)
    {
        if (_readings.Enabled)
        {
            _readings.Add(1, new KeyValuePair<string, object?>("quality", quality switch { Quality.Good => "good", Quality.Bad => "bad", _ => "uncertain" }));
        }
    }

    public void Unknown() => _unknown.Add(1);

    public void Published(PublishStatus status)
    {
        if (_published.Enabled)
        {
            _published.Add(1, new KeyValuePair<string, object?>("status", status switch
            {
                PublishStatus.Accepted or PublishStatus.NoMatchingSubscribers => "accepted",
                PublishStatus.Looped => "looped",
                PublishStatus.QuotaExceeded => "refused",
                _ => "failed",
            }));
        }
    }

    public void Answered(CommandResult result, string? reason) => _commands.Add(
        1,
        new KeyValuePair<string, object?>("result", result switch { CommandResult.Ok => "ok", CommandResult.Rejected => "rejected", _ => "failed" }),
        new KeyValuePair<string, object?>("reason", reason));

    public void Dispose() => _meter.Dispose();
}
