using Gateway.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Web;

/// <summary>A control socket in a folder of its own, with the routes of a test.</summary>
internal sealed class ControlSite : IAsyncDisposable
{
    private readonly WebApplication _web;

    private ControlSite(string data, WebApplication web) => (Data, _web) = (data, web);

    /// <summary>The data folder.</summary>
    public string Data { get; }

    /// <param name="works">The data folder that the server says it works on; null: its own.</param>
    /// <param name="routes">What can be asked beside the ping.</param>
    public static async Task<ControlSite> StartAsync(string? works, params ControlRoute[] routes)
    {
        var data = Directory.CreateTempSubdirectory("control-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.ListenUnixSocket(Path.Combine(data, "control.sock")));
        var web = builder.Build();
        ControlServer.Map(web, [PingRoute.Create(), .. routes], works ?? data);
        await web.StartAsync();
        return new ControlSite(data, web);
    }

    public async Task<ControlClient> ClientAsync() =>
        (await ControlClient.FindAsync(Data, TestContext.Current.CancellationToken)).Client ?? throw new InvalidOperationException("nobody answers");

    public Task StopAsync() => _web.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}
