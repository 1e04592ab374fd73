using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>The addresses on which the broker accepts clients. Each can be opened and closed while the others go on.</summary>
public sealed class BrokerListeners
{
    /// <summary>Of the 5 s that a stop may take: clients are told goodbye, and who does not listen is cut off.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly LogPace _pace;
    private readonly ILogger _log;
    private readonly IReadOnlyList<MqttListener> _first;
    private volatile MqttListener[] _open = [];
    private IServiceProvider? _services;

    /// <exception cref="BrokerStartException">A certificate cannot be used.</exception>
    internal BrokerListeners(BrokerOptions options, LogPace pace, ILogger log)
    {
        (_pace, _log) = (pace, log);
        _first = [.. options.Listeners.Select(Make)];
    }

    /// <summary>With the ports that were really bound, once the host has started.</summary>
    public IReadOnlyList<IPEndPoint> Bound => [.. _open.Select(l => l.Bound).OfType<IPEndPoint>()];

    internal IReadOnlyList<TlsListener> Tls => [.. _open.Select(l => l.Tls).OfType<TlsListener>()];

    /// <summary>Opens what was configured at the start.</summary>
    internal Task StartAsync(IServiceProvider services, CancellationToken cancellation)
    {
        _services = services;
        return OpenAsync(_first, cancellation);
    }

    /// <summary>Closes those that are not in the options any more, opens those that are new.</summary>
    /// <param name="options">Those that are the same object stay open.</param>
    /// <param name="closed">Called in between.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerStartException">A certificate cannot be used (then nothing has changed), or an address cannot be listened on.</exception>
    internal async Task TakeAsync(BrokerOptions options, Action closed, CancellationToken cancellation)
    {
        var before = _open;
        var fresh = options.Listeners.Where(o => !Array.Exists(before, l => ReferenceEquals(l.Options, o))).Select(Make).ToList();
        var wanted = options with { Listeners = [.. fresh.Select(l => l.Options)] };

        // First: one of the new ones may want the port.
        await CloseAsync([.. before.Where(l => !options.Listeners.Any(o => ReferenceEquals(o, l.Options)))], cancellation);
        closed();
        try
        {
            await OpenAsync(fresh, cancellation);
        }
        catch (Exception e) when (BindFailure.Explain(e, wanted) is { } why)
        {
            throw why;
        }
    }

    internal Task StopAsync(CancellationToken cancellation) => CloseAsync(_open, cancellation);

    private async Task OpenAsync(IEnumerable<MqttListener> listeners, CancellationToken cancellation)
    {
        foreach (var listener in listeners)
        {
            try
            {
                await listener.OpenAsync(_services!, cancellation);
            }
            catch
            {
                await listener.DisposeAsync();
                throw;
            }

            _open = [.. _open, listener];
        }
    }

    private async Task CloseAsync(IReadOnlyList<MqttListener> listeners, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(s_patience);
        _open = [.. _open.Except(listeners)];
        await Task.WhenAll(listeners.Select(l => l.CloseAsync(patience.Token)));
    }

    private MqttListener Make(ListenerOptions options)
    {
        if (!IPAddress.TryParse(options.Bind, out var address))
        {
            throw new BrokerStartException($"broker.listeners: '{options.Bind}' is no IP address; write an IPv4 or IPv6 address of this machine, or 0.0.0.0 for all");
        }

        return new MqttListener(options, new IPEndPoint(address, options.Port), options.Tls is { } tls ? ReadCertificates(tls) : null);
    }

    private TlsListener ReadCertificates(ListenerTlsOptions options) => new(
        options,
        ServerCertificate.TryLoad(options, out var problem) ?? throw new BrokerStartException($"{options.Position}: {problem}; correct tls, or put the files there, readable by {Environment.UserName}"),
        _pace,
        _log);
}

/// <summary>Opens the listeners with the host, and closes them with it.</summary>
internal sealed class ListenerService(LocalBroker broker, IServiceProvider services, BrokerMetrics metrics) : IHostedService
{
    /// <summary>Nobody else asks for the instruments, and they are to be there from the start.</summary>
    public BrokerMetrics Metrics => metrics;

    public Task StartAsync(CancellationToken cancellationToken) => broker.Listeners.StartAsync(services, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => broker.Listeners.StopAsync(cancellationToken);
}
