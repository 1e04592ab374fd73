namespace Gateway.EndToEnd.Tests.Broker;

/// <summary>Debian's paho for Python against the LAN broker; what it does is in paho_clients.py.</summary>
public sealed class PahoClientTests
{
    [Theory]
    [InlineData("3.1.1")]
    [InlineData("5")]
    public async Task Paho_AllQosRetainedWillsWildcardsSessions_Work(string version)
    {
        await using var broker = await LanBroker.StartAsync();
        var script = Path.Combine(AppContext.BaseDirectory, "Broker", "paho_clients.py");
        var output = await ClientTool.RunAsync("/usr/bin/python3", script, $"{broker.Port}", version);
        Assert.EndsWith("all good", output.Trim(), StringComparison.Ordinal);
    }
}
