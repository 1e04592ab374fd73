using System.Net;
using Gateway.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>How the broker gets into a host: the services, then the listeners.</summary>
public static class BrokerHosting
{
    /// <summary>Adds <see cref="LocalBroker"/>, <see cref="ILocalBroker"/>, its metrics and its <c>$SYS</c> topics. The host must hold an <see cref="IOutbox"/>.</summary>
    /// <exception cref="BrokerStartException">When it is first asked for: the password file cannot be used.</exception>
    public static IServiceCollection AddLocalBroker(this IServiceCollection services, BrokerOptions options, string gatewayId)
    {
        services.AddConnections();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => new LocalBroker(
            options, gatewayId, p.GetRequiredService<IOutbox>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<ILocalBroker>(p => p.GetRequiredService<LocalBroker>());
        services.AddSingleton<BrokerMetrics>();
        services.AddSingleton<MqttConnectionHandler>();
        services.AddHostedService<SysTopics>();
        services.AddHostedService(p => new CertificateWatch(p.GetRequiredService<LocalBroker>(), p.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>10 s, as for CONNECT.</summary>
    private static readonly TimeSpan s_handshake = TimeSpan.FromSeconds(10);

    /// <summary>Makes Kestrel accept MQTT on the configured listeners. What goes wrong when the host starts is explained by <see cref="BindFailure"/>.</summary>
    public static void ListenMqtt(this KestrelServerOptions kestrel, BrokerOptions options)
    {
        var broker = kestrel.ApplicationServices.GetRequiredService<LocalBroker>();

        // Nobody else asks for the instruments, and they are to be there from the start.
        kestrel.ApplicationServices.GetRequiredService<BrokerMetrics>();
        var secure = broker.Tls.GetEnumerator();
        foreach (var listener in options.Listeners)
        {
            if (!IPAddress.TryParse(listener.Bind, out var address))
            {
                throw new BrokerStartException($"broker.listeners: '{listener.Bind}' is no IP address; write an IPv4 or IPv6 address of this machine, or 0.0.0.0 for all");
            }

            var tls = listener.Tls is not null && secure.MoveNext() ? secure.Current : null;
            kestrel.Listen(address, listener.Port, listen =>
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
                broker.Listeners.Add(listen);
            });
        }
    }
}
