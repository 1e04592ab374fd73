using Gateway.Broker;
using Gateway.Core;

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

        foreach (var link in before.Links.Where(l => (l.FindsDevices || before.Devices.Any(d => ReferenceEquals(d.Link, l))) && !after.Links.Contains(l, ReferenceEqualityComparer.Instance)))
        {
            yield return after.Links.FirstOrDefault(l => l.Id == link.Id) is { } next && (next.FindsDevices || after.Devices.Any(d => d.Link.Id == link.Id))
                ? $"link {link.Id} starts anew: {Missed([.. before.Devices.Where(d => ReferenceEquals(d.Link, link))])} for a moment"
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

    private static string Missed(IReadOnlyList<DeviceOptions> devices) => devices.Count == 0 ? "nobody is heard"
        : $"its {(devices.Count == 1 ? "device is" : $"{devices.Count} devices are")} not {(devices[0].Address.SpeaksByItself ? "heard" : "read")}";
}
