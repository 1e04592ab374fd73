using System.Runtime.InteropServices;
using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>Asks every bridge which stream wants a message, and appends it once for all of them.</summary>
internal sealed class ForwardSelector(IOutbox outbox)
{
    [ThreadStatic]
    private static List<OutboxTarget>? s_targets;

    private volatile IForwardTarget[] _bridges = [];
    private readonly Lock _lock = new();

    /// <summary>From one message to the next, the one instead of the other: none is missed, and none is taken twice.</summary>
    /// <param name="before">Is not asked any more; null: the other comes in addition.</param>
    /// <param name="after">Is asked from now on; null: nobody comes instead.</param>
    public void Replace(IForwardTarget? before, IForwardTarget? after)
    {
        lock (_lock)
        {
            _bridges = [.. _bridges.Where(b => !ReferenceEquals(b, before)), .. after is null ? (IForwardTarget[])[] : [after]];
        }
    }

    /// <returns>false: no stream wants it.</returns>
    public bool TryAppend(MqttMessage message, bool acknowledged, out AppendResult result)
    {
        result = default;
        var bridges = _bridges;

        // $ topics are never bridged (loop prevention).
        if (bridges.Length == 0 || TopicName.IsReserved(message.Topic))
        {
            return false;
        }

        var targets = s_targets ??= [];
        targets.Clear();
        foreach (var bridge in bridges)
        {
            bridge.Select(message, targets);
        }

        if (targets.Count == 0)
        {
            return false;
        }

        result = outbox.Append(message, CollectionsMarshal.AsSpan(targets), acknowledged ? Urgency.Immediate : Urgency.Window);
        targets.Clear();
        return true;
    }
}
