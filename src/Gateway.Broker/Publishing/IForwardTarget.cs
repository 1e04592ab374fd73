using Gateway.Mqtt;
using Gateway.Storage;

namespace Gateway.Broker;

/// <summary>A bridge, as the broker sees it: it names the streams that want a message.</summary>
public interface IForwardTarget
{
    /// <summary>Adds the stream that wants the message, if any (its rules, split horizon), or takes it straight through at QoS 0.</summary>
    /// <remarks>Called on the publisher's thread for every message: no blocking, no allocation where no rule matches.</remarks>
    void Select(MqttMessage message, List<OutboxTarget> targets);
}
