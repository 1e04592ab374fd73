using System.Net;
using System.Net.Sockets;
using Gateway.Broker;
using Gateway.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Gateway.Web;

/// <summary>The listener of metrics and health. It is bound before the host starts: that it cannot be must not keep a gateway from its work, unless it was asked for.</summary>
internal sealed class HttpListening
{
    /// <summary>Kestrel's own, which it sets again.</summary>
    private const int Backlog = 512;

    private readonly HttpOptions _options;
    private Socket? _bound;
    private ListenOptions? _listener;

    private HttpListening(HttpOptions options) => _options = options;

    /// <summary>With the port that was really bound, once the host has started; null: it is not served.</summary>
    public IPEndPoint? Address => _listener?.IPEndPoint;

    private IPEndPoint EndPoint => new(IPAddress.Parse(_options.Bind), _options.Port);

    /// <exception cref="StartException">It was asked for and cannot be opened.</exception>
    public static HttpListening Bind(HttpOptions options, ILogger log)
    {
        var listening = new HttpListening(options);
        if (!options.Enabled)
        {
            return listening;
        }

        try
        {
            listening._bound = Open(listening.EndPoint);
        }
        catch (SocketException e)
        {
            var problem = $"http: {listening.EndPoint} cannot be listened on: {Explain(e, options.Port)}";
            if (!options.IsDefault)
            {
                throw new StartException($"{problem}; set another http.port, or http: {{ enabled: false }}", e);
            }

            WebLog.NotServed(log, problem);
        }

        return listening;
    }

    /// <summary>Hands the bound socket to Kestrel.</summary>
    public void Listen(KestrelServerOptions kestrel)
    {
        if (_bound is { LocalEndPoint: IPEndPoint address })
        {
            kestrel.Listen(address, listener =>
            {
                // No TLS here, and HTTP/2 in plain text wants to be asked for.
                listener.Protocols = HttpProtocols.Http1;
                _listener = listener;
            });
        }
    }

    /// <summary>For <see cref="SocketTransportOptions.CreateBoundListenSocket"/>: the bound one at its address, a new one everywhere else.</summary>
    public Socket CreateSocket(EndPoint endpoint)
    {
        if (_bound is { } bound && endpoint.Equals(bound.LocalEndPoint))
        {
            _bound = null;
            return bound;
        }

        return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
    }

    /// <summary>Listens at once: Linux lets any number of sockets have a port on which none of them listens yet, as when two gateways start together.</summary>
    private static Socket Open(IPEndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(SocketException error, int port) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"the port is in use by {PortHolder.Find(port) ?? "another process"}",
        SocketError.AccessDenied => "no permission; ports below 1024 need AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit",
        SocketError.AddressNotAvailable => "this machine does not have that address",
        _ => error.Message,
    };
}
