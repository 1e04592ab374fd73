using Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>How the broker gets into a host.</summary>
public static class BrokerHosting
{
    /// <summary>Adds <see cref="LocalBroker"/>, <see cref="ILocalBroker"/>, its metrics, its <c>$SYS</c> topics, and the listeners, which open when the host starts (<see cref="BindFailure"/> explains why not). The host must have Kestrel, and hold an <see cref="IOutbox"/>.</summary>
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
        services.AddHostedService<ListenerService>();
        services.AddHostedService(p => new CertificateWatch(p.GetRequiredService<LocalBroker>(), p.GetRequiredService<TimeProvider>()));
        return services;
    }
}
