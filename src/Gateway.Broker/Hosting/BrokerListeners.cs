using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Broker;

/// <summary>The addresses on which the broker accepts clients.</summary>
public sealed class BrokerListeners
{
    private readonly List<ListenOptions> _listeners = [];

    /// <summary>With the ports that were really bound, once the host has started.</summary>
    public IReadOnlyList<IPEndPoint> Bound => [.. _listeners.Select(l => l.IPEndPoint).OfType<IPEndPoint>()];

    internal void Add(ListenOptions listener) => _listeners.Add(listener);
}
