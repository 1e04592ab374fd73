using Gateway.Broker;
using Gateway.Hosting;
using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Demo;

/// <summary>A stand-in for the broker in the cloud: our own, without a disk, on a free port of this machine.</summary>
internal sealed class CloudBroker : IAsyncDisposable
{
    private readonly WebApplication _web;

    private CloudBroker(WebApplication web) => _web = web;

    public int Port => _web.Services.GetRequiredService<LocalBroker>().Status().Listeners[0].Port;

    public static async Task<CloudBroker> StartAsync(CancellationToken cancellation)
    {
        var options = new BrokerOptions { Listeners = [new ListenerOptions { Port = 0 }] };
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        LogOutput.Configure(builder.Logging, LogLevel.Error);
        builder.Services.AddSingleton<IOutbox, NoOutbox>();
        builder.Services.AddLocalBroker(options, "cloud");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var web = builder.Build();
        await web.StartAsync(cancellation).ConfigureAwait(false);
        return new CloudBroker(web);
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
