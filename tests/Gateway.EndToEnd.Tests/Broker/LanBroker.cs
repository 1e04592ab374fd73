using Gateway.Broker;
using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.EndToEnd.Tests.Broker;

/// <summary>The LAN broker on a free port, without bridges.</summary>
internal sealed class LanBroker : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LanBroker(WebApplication app) => _app = app;

    public LocalBroker Broker => _app.Services.GetRequiredService<LocalBroker>();

    public int Port => _app.Services.GetRequiredService<LocalBroker>().Listeners.Bound[0].Port;

    public static async Task<LanBroker> StartAsync(BrokerOptions? settings = null)
    {
        var options = (settings ?? new BrokerOptions()) with { Listeners = [(settings?.Listeners[0] ?? new ListenerOptions()) with { Port = 0 }] };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IOutbox>(new NoOutbox());
        builder.Services.AddLocalBroker(options, "gw-end-to-end");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var app = builder.Build();
        await app.StartAsync();
        return new LanBroker(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
