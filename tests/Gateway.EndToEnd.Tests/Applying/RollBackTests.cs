using System.Net;
using System.Net.Sockets;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Applying;

/// <summary>A configuration that went worse, or whose trial was cut short, leaves the one before: running, and on the disk.</summary>
public sealed class RollBackTests
{
    [Fact]
    public async Task DeviceWasWell_AndIsNot_TheOneBeforeRunsAgain()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        var free = Ports.Free();

        var apply = await site.ApplyAsync(site.Write($"port: {BoilerPort(site)},", $"port: {free},"));

        Assert.Equal(1, apply.Code);
        Assert.Contains(apply.Output, l => l == $"not well yet: device boiler: connection refused");
        Assert.Contains(apply.Errors, static l => l.StartsWith("rolled back: link one: no connection to 127.0.0.1:", StringComparison.Ordinal) && l.EndsWith("device boiler: connection refused, and was well before", StringComparison.Ordinal));
        Assert.Contains(apply.Errors, static l => l.StartsWith("  device boiler: connection refused; the host is there but nothing listens", StringComparison.Ordinal));
        await AssertAsBeforeAsync(site, before);
        Assert.Contains("was rolled back at ", (await site.ConfigurationAsync()).GetProperty("rolled-back").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_PortIsTaken_IsRolledBackAtOnce_AndTheOldOneIsOpenAgain()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var taken = ((IPEndPoint)holder.LocalEndpoint).Port;

        var apply = await site.ApplyAsync(site.Write($"port: {site.Site.Lan} }}", $"port: {taken} }}"), "10m");

        Assert.Equal(1, apply.Code);
        Assert.Contains(apply.Errors, l => l.StartsWith($"rolled back: port {taken} is in use by ", StringComparison.Ordinal));
        await AssertAsBeforeAsync(site, before);
        await using var lan = await site.Site.JoinLanAsync("edge/#");
        await lan.WaitForAsync(m => m.Topic == "edge/meter/telemetry/voltage");
    }

    [Fact]
    public async Task CommandIsKilled_TheGatewayGoesBackByItself()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        await using var apply = await site.BeginAsync(site.Write("every: 200ms", "every: 100ms"));
        Assert.True((await site.ConfigurationAsync()).TryGetProperty("watched-until", out _));

        await apply.KillAsync();

        await site.Gateway.Process.WaitForAsync("was rolled back: whoever applied it went away");
        await AssertAsBeforeAsync(site, before);
    }

    [Fact]
    public async Task Interrupted_TheGatewayGoesBack_AndTheCommandSaysSo()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        await using var apply = await site.BeginAsync(site.Write("every: 200ms", "every: 100ms"));

        Assert.Equal(1, await apply.TerminateAsync());

        Assert.Contains(apply.Lines, static l => l.StartsWith("interrupted: the gateway goes back to what ran before", StringComparison.Ordinal));
        await site.Gateway.Process.WaitForAsync("was rolled back: whoever applied it went away");
        await AssertAsBeforeAsync(site, before);
    }

    [Fact]
    public async Task GatewayDies_TheDiskHoldsWhatRanBefore()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        await using var apply = await site.BeginAsync(site.Write("every: 200ms", "every: 100ms"));

        await site.Gateway.KillAsync();

        Assert.Equal(1, await apply.WaitForExitAsync());
        Assert.Contains(apply.Lines, l => l.StartsWith($"edge-gateway: the gateway ended during the trial: {site.Target} is as it was", StringComparison.Ordinal));
        await site.Gateway.StartAsync();
        await site.Backend.WaitForAsync(m => m.Topic == "edge/boiler/telemetry/temperature" && MainJob.FieldReading.Of(m).Boot == 2);
        await AssertAsBeforeAsync(site, before);
    }

    [Fact]
    public async Task TwoAtOnce_TheSecondIsRefused()
    {
        await using var site = await ApplySite.StartAsync();
        await using var first = await site.BeginAsync(site.Write("every: 200ms", "every: 100ms"));

        var second = await site.ApplyAsync(site.Write("every: 200ms", "every: 300ms"));

        Assert.Equal(1, second.Code);
        Assert.Contains("is on trial already, asked for by user 0; wait until it is kept or rolled back", second.Errors[^1], StringComparison.Ordinal);
        Assert.Equal(1, await first.TerminateAsync());
    }

    [Fact]
    public async Task GatewayStopsInOrder_InTheMidst_WithinItsTime()
    {
        await using var site = await ApplySite.StartAsync();
        var before = site.Written;
        await using var apply = await site.BeginAsync(site.Write("every: 200ms", "every: 100ms"));

        await site.Site.StopGatewayAsync();

        Assert.Equal(1, await apply.WaitForExitAsync());
        Assert.Equal(before, site.Written);
    }

    private static string BoilerPort(ApplySite site) => site.Written.Split("id: one,")[1].Split("port: ")[1].Split(',')[0];

    private static async Task AssertAsBeforeAsync(ApplySite site, string before)
    {
        Assert.Equal(before, site.Written);
        Assert.False(File.Exists(site.Target + ".new") && File.ReadAllText(site.Target + ".new") == before);
        var configuration = await site.ConfigurationAsync();
        Assert.Equal("the start", configuration.GetProperty("from").GetString());
        Assert.False(configuration.TryGetProperty("watched-until", out _));
        var deadline = TimeProvider.System.GetTimestamp();
        while ((await site.DeviceAsync("boiler")).GetProperty("status").GetString() != "online")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(30), "the boiler did not come back");
        }
    }
}
