using Gateway.EndToEnd.Tests.Peers;
using Gateway.EndToEnd.Tests.Support;

namespace Gateway.EndToEnd.Tests.Daemon;

/// <summary>What the command line says to those who use it wrongly.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("run", "--nonsense")]
    [InlineData("nonsense")]
    [InlineData("demo", "--for", "soon")]
    [InlineData]
    public async Task Run_WrongUsage_Is2(params string[] arguments)
    {
        var command = await GatewayCommand.RunAsync(arguments);

        Assert.Equal(2, command.Code);
        Assert.NotEmpty(command.Errors);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("status")]
    public async Task BrokenConfiguration_Is78WithEveryLine(string name)
    {
        var path = _folder.Write("broken.yaml", "gateway: { idd: gw-1 }\nbroker: { listeners: [{ port: on }] }\n");

        var command = await GatewayCommand.RunAsync(name, "--config", path);

        Assert.Equal(78, command.Code);
        Assert.Contains(command.Errors, l => l.StartsWith($"{path}:1:12: ", StringComparison.Ordinal) && l.Contains("id", StringComparison.Ordinal));
        Assert.Contains(command.Errors, l => l.StartsWith($"{path}:2:31: ", StringComparison.Ordinal));
        Assert.DoesNotContain(command.Errors, l => l.Contains("   at ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("check")]
    [InlineData("status")]
    public async Task MissingConfiguration_Is78AndNamesIt(string name)
    {
        var path = _folder.Of("nowhere.yaml");

        var command = await GatewayCommand.RunAsync(name, "--config", path);

        Assert.Equal(78, command.Code);
        Assert.Contains(command.Errors, l => l.Contains(path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_RulesThatGoInACircle_WarnsAndRunDoesToo()
    {
        var path = _folder.Write("circle.yaml", $$"""
            gateway: { id: gw-1, data: data }
            broker: { listeners: [{ bind: 127.0.0.1, port: {{Ports.Free()}} }] }
            bridges:
              - { id: cloud, servers: ["mqtt://127.0.0.1:{{Ports.Free()}}"], forward: [{ filter: "plant/#" }], import: [{ filter: "plant/#" }] }

            """);

        var check = await GatewayCommand.RunAsync("check", "--config", path);
        await using var gateway = new GatewayProcess(_folder, File.ReadAllText(path));
        await gateway.StartAsync();

        Assert.Equal(0, check.Code);
        Assert.Contains($"{path}:4:", Assert.Single(check.Errors), StringComparison.Ordinal);
        Assert.Contains("warning: a message on plant/x would go out and come back", check.Errors[0], StringComparison.Ordinal);
        await gateway.Process.WaitForAsync("a message on plant/x would go out and come back");
    }

    [Theory]
    [InlineData("check")]
    [InlineData("doctor")]
    [InlineData("ports")]
    [InlineData("schema")]
    [InlineData("--help", "metrics")]
    public async Task Output_CannotBeWritten_IsOneLineAnd1(params string[] arguments)
    {
        var file = _folder.Write("gw.yaml", "gateway: { id: gw-1, data: data }\n");
        var run = await GatewayCommand.RunAsync(
            ["bash", "-c", "exec \"$@\" > /dev/full", "-"], arguments is ["check"] or ["doctor"] ? [.. arguments, "--config", file] : arguments);
        Assert.Equal("edge-gateway: No space left on device", run.Refusal());
    }

    [Fact]
    public async Task Status_NobodyRuns_Is1AndSaysHowToStart()
    {
        var path = _folder.Write("gw.yaml", "gateway: { data: data }\n");

        foreach (var arguments in (string[][])[["status", "--config", path], ["status", "--json", "--config", path]])
        {
            var command = await GatewayCommand.RunAsync(arguments);
            Assert.Equal(1, command.Code);
            Assert.Empty(command.Output);
            Assert.Contains("no gateway runs on ", Assert.Single(command.Errors), StringComparison.Ordinal);
        }
    }
}
