using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Hosting;

/// <summary>Which lane a local topic takes: events and alerts are alarms, answers are commands, everything else is telemetry.</summary>
internal sealed class LaneBook(TopicMapper topics)
{
    private volatile HashSet<string> _answers = [];
    private volatile List<string> _events = [];

    /// <summary>Knows the topics of these devices from now on.</summary>
    public void Take(IReadOnlyList<DeviceOptions> devices)
    {
        _answers = devices.Select(d => topics.Response(d.Id)).ToHashSet(StringComparer.Ordinal);
        _events = [.. devices.Select(d => topics.Events(d.Id))];
    }

    public Lane Of(string topic) => _answers.Contains(topic) ? Lane.Command
        : topic == topics.GatewayAlerts || _events.Exists(e => TopicFilter.Matches(e, topic)) ? Lane.Alarm
        : Lane.Telemetry;
}
