using Gateway.Mqtt;

namespace Gateway.Broker;

/// <summary>Recognises what has been here before, by the gateways that a message names in its <c>gw-path</c> (ids joined by commas, oldest first).</summary>
/// <remarks>A forged path only suppresses the forger's own message.</remarks>
public sealed class LoopGuard(string gatewayId, int maxHops = LoopGuard.DefaultMaxHops)
{
    /// <summary>User Property that carries the path.</summary>
    public const string PathProperty = "gw-path";

    /// <summary>8: more gateways in a row than any plant has, few enough to end a loop that nobody foresaw.</summary>
    public const int DefaultMaxHops = 8;

    /// <summary>Whether the message must go no further.</summary>
    public bool IsLoop(MqttMessage message)
    {
        var properties = message.Properties.UserProperties;
        var hops = 0;
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Name != PathProperty)
            {
                continue;
            }

            var path = properties[i].Value.AsSpan();
            foreach (var range in path.Split(','))
            {
                if (path[range].SequenceEqual(gatewayId) || ++hops > maxHops)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
