using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Samples;

/// <summary>The sample flow in a real Node-RED, which scripts/test installs.</summary>
public sealed class NodeRedTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Flow_TellsGoodFromBad_AndWrites()
    {
        await using var device = new PymodbusServer(1);
        await device.StartAsync();
        await device.SetAsync(1, "hr", 0, 215, 300);
        var ports = new Dictionary<int, int> { [1883] = Ports.Free(), [1884] = Ports.Free(), [5020] = device.Port };
        await using var gateway = new GatewayProcess(_folder, Sample.WithPorts("minimal.yaml", ports));
        await gateway.StartAsync();
        var web = Ports.Free();
        await using var red = ChildProcess.Start(
            "node",
            [
                Path.Combine(Installed(), "node_modules", "node-red", "red.js"), "--userDir", _folder.Of("red"), "-p", $"{web}", "-D", "uiHost=127.0.0.1", "-D", "flowFile=flows.json",
                _folder.Write("flows.json", Sample.WithPorts("consumers/node-red-flow.json", ports)),
            ],
            new Dictionary<string, string> { ["HOME"] = _folder.Path });

        await red.WaitForAsync("[debug:good]");
        await red.WaitForAsync("point: 'temperature'");
        await red.WaitForAsync("value: 21.5");
        await red.WaitForAsync("quality: 'good'");
        var (code, _) = await ChildProcess.RunAsync("curl", "-sSf", "-X", "POST", $"http://127.0.0.1:{web}/inject/edge-inject");
        Assert.Equal(0, code);
        await red.WaitForAsync("value: 55.5");
        Assert.Equal(555, (await device.GetAsync(1, "hr", 1))[0]);

        await device.KillAsync();
        await red.WaitForAsync("[debug:bad]");
        await red.WaitForAsync("quality: 'bad'");
        Assert.DoesNotContain(red.Lines, l => l.Contains("[error]", StringComparison.Ordinal));
    }

    /// <summary>Beside the repository's other products.</summary>
    private static string Installed()
    {
        var folder = Path.GetFullPath(Sample.PathOf("../artifacts/node-red"));
        return Directory.Exists(Path.Combine(folder, "node_modules", "node-red"))
            ? folder
            : throw new DirectoryNotFoundException("Node-RED is not installed; scripts/test does it, and so does: . scripts/lib/prerequisites.sh; need_node_red");
    }
}
