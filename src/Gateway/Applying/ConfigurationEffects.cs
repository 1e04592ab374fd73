using Gateway.Broker;

namespace Gateway.Applying;

/// <summary>What is interrupted when a configuration is taken over while the gateway runs.</summary>
internal static class ConfigurationEffects
{
    public static IEnumerable<string> Of(GatewayConfiguration before, GatewayConfiguration after)
    {
        foreach (var gone in before.Broker.Listeners.Except<ListenerOptions>(after.Broker.Listeners, ReferenceEqualityComparer.Instance))
        {
            yield return $"listener {BrokerChanges.Name(gone)} closes: its clients are disconnected, and come back by themselves where they may";
        }

        foreach (var link in before.Links.Where(l => before.Devices.Any(d => ReferenceEquals(d.Link, l)) && !after.Links.Contains(l, ReferenceEqualityComparer.Instance)))
        {
            var devices = before.Devices.Count(d => ReferenceEquals(d.Link, link));
            yield return after.Devices.Any(d => d.Link.Id == link.Id)
                ? $"link {link.Id} starts anew: its {(devices == 1 ? "device is" : $"{devices} devices are")} not read for a moment"
                : $"link {link.Id} stops";
        }

        foreach (var bridge in before.Bridges.Where(b => !after.Bridges.Contains(b, ReferenceEqualityComparer.Instance)))
        {
            if (after.Bridges.FirstOrDefault(b => b.Id == bridge.Id) is not { } next)
            {
                yield return $"bridge {bridge.Id} ends: what waits in its queues stays on the disk until edge-gateway outbox drop";
            }
            else
            {
                yield return $"bridge {bridge.Id} connects anew{(Sameness.Same(bridge, next) ? ", because its presets name other devices" : "")}: what waits in its queues stays";
            }
        }
    }
}
