using System.Net;
using Gateway.Broker;

namespace Gateway.Applying;

/// <summary>What changes in the LAN broker, limits apart.</summary>
internal static class BrokerChanges
{
    public static IEnumerable<string> Of(BrokerOptions before, BrokerOptions after, WrittenSections old, WrittenSections now)
    {
        foreach (var line in TreeDifference.Of(old.Section("broker"), now.Section("broker"), "listeners", "limits"))
        {
            yield return $"~ broker  {line}";
        }

        foreach (var gone in before.Listeners.Except<ListenerOptions>(after.Listeners, ReferenceEqualityComparer.Instance))
        {
            yield return $"- listener {Name(gone)}";
        }

        foreach (var listener in after.Listeners.Except<ListenerOptions>(before.Listeners, ReferenceEqualityComparer.Instance))
        {
            yield return $"+ listener {Name(listener)}";
        }
    }

    public static string Name(ListenerOptions listener) =>
        $"{new IPEndPoint(IPAddress.Parse(listener.Bind), listener.Port)}{(listener.Tls is { } tls ? $" (TLS{(tls.Clients == ClientCertificates.None ? "" : $", certificates of clients {tls.Clients.ToString().ToLowerInvariant()}")})" : "")}";
}
