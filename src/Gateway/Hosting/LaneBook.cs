using Gateway.Core;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Hosting;

/// <summary>Which lane a local topic takes: events and alerts are alarms, answers are commands, everything else is telemetry.</summary>
internal sealed class LaneBook(TopicMapper topics)
{
    private static readonly object s_event = new();

    [ThreadStatic]
    private static List<object>? s_found;

    private volatile HashSet<string> _answers = [];
    private volatile TopicTree<object> _events = new();

    /// <summary>Knows the topics of these devices from now on.</summary>
    public void Take(IReadOnlyList<DeviceOptions> devices)
    {
        _answers = devices.Select(d => topics.Response(d.Id)).ToHashSet(StringComparer.Ordinal);
        var events = new TopicTree<object>();
        foreach (var device in devices)
        {
            events.Change(topics.Events(device.Id), s_event, static (_, mark) => mark);
        }

        _events = events;
    }

    public Lane Of(string topic) => _answers.Contains(topic) ? Lane.Command
        : topic == topics.GatewayAlerts || IsEvent(topic) ? Lane.Alarm
        : Lane.Telemetry;

    /// <summary>Asked of every message that a bridge forwards: not to be paid for by how many devices there are.</summary>
    private bool IsEvent(string topic)
    {
        var found = s_found ??= [];
        _events.FindFilters(topic, found);
        var any = found.Count > 0;
        found.Clear();
        return any;
    }
}
