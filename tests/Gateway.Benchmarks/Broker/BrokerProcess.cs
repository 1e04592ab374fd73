using Gateway.Broker;
using Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gateway.Benchmarks.Broker;

/// <summary>The LAN broker alone.</summary>
internal static class BrokerProcess
{
    /// <param name="port">Where it listens.</param>
    /// <param name="acl">An ACL file; null: everybody may do everything.</param>
    public static async Task RunAsync(int port, string? acl = null)
    {
        var options = new BrokerOptions { Listeners = [new ListenerOptions { Port = port }], AclFile = acl };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddConsole();
        builder.Services.AddSingleton<IOutbox>(new NoOutbox());
        builder.Services.AddLocalBroker(options, "bench");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        await builder.Build().RunAsync();
    }
}
