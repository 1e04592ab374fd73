using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>One address on which MQTT is accepted: a Kestrel of its own, because Kestrel opens and closes its addresses only all together.</summary>
internal sealed class MqttListener(ListenerOptions options, IPEndPoint address, TlsListener? tls) : IAsyncDisposable
{
    /// <summary>10 s, as for CONNECT.</summary>
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(10);

    private KestrelServer? _server;
    private ListenOptions? _listen;

    public ListenerOptions Options => options;

    public TlsListener? Tls => tls;

    /// <summary>With the port that was really bound; null: it is not open.</summary>
    public IPEndPoint? Bound => _listen?.IPEndPoint;

    /// <summary>Returns once it accepts. What goes wrong is explained by <see cref="BindFailure"/>.</summary>
    public async Task OpenAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var kestrel = new KestrelServerOptions { ApplicationServices = services };
        kestrel.Listen(address, Configure);
        _server = new KestrelServer(
            Microsoft.Extensions.Options.Options.Create(kestrel), services.GetRequiredService<IConnectionListenerFactory>(), services.GetRequiredService<ILoggerFactory>());
        await _server.StartAsync(new NoHttp(), cancellation);
    }

    /// <summary>Accepts nobody any more, and says goodbye to who is there; who does not go by the end of the patience is cut off.</summary>
    public async Task CloseAsync(CancellationToken patience)
    {
        if (_server is { } server)
        {
            await server.StopAsync(patience);
            await DisposeAsync();
        }
    }

    public ValueTask DisposeAsync()
    {
        _server?.Dispose();
        (_server, _listen) = (null, null);
        return ValueTask.CompletedTask;
    }

    private void Configure(ListenOptions listen)
    {
        if (tls is not null)
        {
            // With a protocol of HTTP's, clients that offer MQTT by ALPN would be turned away.
            listen.Protocols = HttpProtocols.None;
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                OnConnection = context => ValueTask.FromResult(tls.For(context.Connection.RemoteEndPoint)),
                HandshakeTimeout = s_handshake,
            });
        }

        listen.UseConnectionHandler<MqttConnectionHandler>();
        _listen = listen;
    }

    /// <summary>Kestrel wants an application for HTTP, which nobody speaks here.</summary>
    private sealed class NoHttp : IHttpApplication<object>
    {
        public object CreateContext(IFeatureCollection contextFeatures) => this;

        public Task ProcessRequestAsync(object context) => Task.CompletedTask;

        public void DisposeContext(object context, Exception? exception)
        {
            // There is none.
        }
    }
}
