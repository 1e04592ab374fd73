using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>The first minutes of an installer: from nothing to a gateway that runs.</summary>
public sealed partial class InitTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Yes_WritesWhatPassesCheckAndStarts()
    {
        var path = _folder.Of("site/gw.yaml");

        var init = await GatewayCommand.RunAsync("init", "--yes", "--config", path, "--id", "gw-7");
        var check = await GatewayCommand.RunAsync("check", "--config", path);
        var port = Ports.Free();
        await using var gateway = new GatewayProcess(_folder, ListenerPort().Replace(File.ReadAllText(path), $"${{1}}{port.ToString(CultureInfo.InvariantCulture)} }}"), "site/gw");
        await gateway.StartAsync();
        var values = await ChildProcess.RunAsync("mosquitto_sub", "-p", $"{port}", "-W", "20", "-C", "1", "-t", "edge/gateways/gw-7/status");

        Assert.Equal((0, ""), (init.Code, string.Concat(init.Errors)));
        Assert.Equal((0, ""), (check.Code, string.Concat(check.Errors)));
        Assert.Equal((0, "online"), values);
        Assert.Contains(init.Output, l => l.EndsWith($"cat {_folder.Of("site/data/installer-password")}", StringComparison.Ordinal));
        Assert.True(File.Exists(_folder.Of("site/data/installer-password")));
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task There_IsNotTouchedAndSaid()
    {
        var path = _folder.Write("gw.yaml", "mine");

        var init = await GatewayCommand.RunAsync("init", "--yes", "--config", path);

        Assert.Equal(1, init.Code);
        Assert.Contains($"{path} is there already and was not changed", Assert.Single(init.Errors), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
    }

    [Fact]
    public async Task Terminal_IsAskedWhatOnlyTheInstallerKnows()
    {
        var path = _folder.Of("gw.yaml");
        await using var init = ChildProcess.Start("script", ["-qec", $"{GatewayProcess.Program} init --config {path} --cloud mqtt://cloud.example", "/dev/null"]);

        await init.WriteLineAsync("GW\ngw-7\nplant/a\n192.0.2.20:1502");

        Assert.Equal(0, await init.WaitForExitAsync());
        await init.WaitForAsync("write gw");
        var text = File.ReadAllText(path);
        Assert.Contains("id: gw-7 ", text, StringComparison.Ordinal);
        Assert.Contains("root: plant/a ", text, StringComparison.Ordinal);
        Assert.Contains("host: 192.0.2.20, port: 1502", text, StringComparison.Ordinal);
        Assert.Contains("servers: [\"mqtt://cloud.example:1883\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoTerminal_NoPermission_WrongOption_SayWhatToDo()
    {
        var silent = await GatewayCommand.RunAsync(["setsid"], ["init", "--config", _folder.Of("gw.yaml")]);
        var wrong = await GatewayCommand.RunAsync("init", "--yes", "--config", _folder.Of("gw.yaml"), "--cloud", "cloud.example");
        var denied = await GatewayCommand.RunAsync(GatewayCommand.AsNobody, ["init", "--yes", "--config", _folder.Of("etc/gw.yaml")]);
        var service = await GatewayCommand.RunAsync(GatewayCommand.AsNobody, ["init", "--yes"]);

        Assert.Equal(2, silent.Code);
        Assert.Contains("--yes", Assert.Single(silent.Errors), StringComparison.Ordinal);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("write mqtt://cloud.example", Assert.Single(wrong.Errors), StringComparison.Ordinal);
        Assert.Equal(1, denied.Code);
        Assert.Contains("choose a folder that you may write: --config FILE", Assert.Single(denied.Errors), StringComparison.Ordinal);
        Assert.Equal(1, service.Code);
        Assert.Contains("/etc/edge-gateway", Assert.Single(service.Errors), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Of("etc")));
    }

    [Fact]
    public async Task Run_WithoutAConfiguration_NamesInitAndDemo()
    {
        var path = _folder.Of("nowhere.yaml");

        var run = await GatewayCommand.RunAsync("run", "--config", path);

        Assert.Equal(78, run.Code);
        Assert.Contains($"edge-gateway init --config {path}", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Contains("edge-gateway demo", run.Errors[0], StringComparison.Ordinal);
    }

    /// <summary>Tests have no port of their own: the one that was free a moment ago may be another's by now.</summary>
    [GeneratedRegex(@"(bind: 0\.0\.0\.0, port: )\d+ \}(?=   #|\n)")]
    private static partial Regex ListenerPort();
}
