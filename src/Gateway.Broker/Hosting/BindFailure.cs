using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Broker;

/// <summary>Says in plain words why the broker's listeners could not be opened.</summary>
public static class BindFailure
{
    /// <summary>Explains what the host's start threw.</summary>
    /// <returns>null: it has nothing to do with a listener of the broker.</returns>
    public static BrokerStartException? Explain(Exception exception, BrokerOptions options)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return new(InUse(options), exception);
                case SocketException { SocketErrorCode: SocketError.AccessDenied }:
                    return new($"no permission to listen on {Names(options)}; ports below 1024 need AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit", exception);
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable }:
                    return new($"{Names(options)}: this machine does not have that address; set broker.listeners' bind to one it has, or to 0.0.0.0", exception);
            }
        }

        return null;
    }

    private static string InUse(BrokerOptions options)
    {
        foreach (var listener in options.Listeners)
        {
            if (listener.Port != 0 && PortHolder.Find(listener.Port) is { } holder)
            {
                return $"port {listener.Port} is in use by {holder}; stop it (systemctl stop …), or set another port in broker.listeners";
            }
        }

        return $"{Names(options)} is in use; stop what listens there (ss -ltnp shows it), or set another port in broker.listeners";
    }

    private static string Names(BrokerOptions options) => string.Join(", ", options.Listeners.Select(l => $"{l.Bind}:{l.Port}"));
}
